import { createHash } from "node:crypto";
import { canonicalJsonBytes, type Json, unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { parseSegment, type Segment, segmentBytes, segmentId } from "./segment.ts";

const SEGMENT: Segment = {
  number: 3,
  uri: "file:///srv/logs/conn.log",
  state: { size: 1000, modified: 1_795_428_000_000, head: "a".repeat(64) },
  offset: 100,
  length: 200,
  isPacked: false,
  format: "zeek-tsv",
  header: "#fields\ta\n",
  indicators: "b".repeat(64),
};

const parsed = (change: Readonly<Record<string, unknown>>): ReturnType<typeof parseSegment> =>
  parseSegment(canonicalJsonBytes({ v: 1, ...SEGMENT, ...change } as unknown as Json));

describe("the descriptor of a segment", () => {
  it("comes back as it went", () => {
    expect(unwrap(parseSegment(segmentBytes(SEGMENT)))).toEqual(SEGMENT);
  });

  it("goes by the SHA-256 of its bytes", () => {
    const bytes = segmentBytes(SEGMENT);
    expect(segmentId(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["another version", { v: 2 }],
    ["a member too many", { more: 1 }],
    ["a negative offset", { offset: -1 }],
    ["half a byte", { length: 0.5 }],
    ["a number beyond what is exact", { length: 2 ** 53 }],
    ["an address on the network", { uri: "https://example.net/conn.log" }],
    ["a path of nothing", { uri: "file:///" }],
    ["an endless path", { uri: `file:///${"a".repeat(17_000)}` }],
    ["a format that nobody has", { format: "exe" }],
    ["a header without its end", { header: "#fields\ta" }],
    ["a header without bounds", { header: "a\n".repeat(200_000) }],
    ["a digest that is none", { indicators: "B".repeat(64) }],
    ["a state without a head", { state: { size: 1, modified: 1, head: null } }],
    ["a state with more", { state: { ...SEGMENT.state, more: 1 } }],
  ])("is refused with %s", (_, change) => {
    expect(parsed(change)).toMatchObject({ ok: false, fault: { code: "malformed" } });
  });

  it("is refused as anything else", () => {
    for (const text of ["", "null", "[]", "{", '{"v":1}', `${Buffer.from(segmentBytes(SEGMENT)).toString()} `]) {
      expect(parseSegment(Buffer.from(text))).toMatchObject({ ok: false, fault: { code: "malformed" } });
    }
  });
});
