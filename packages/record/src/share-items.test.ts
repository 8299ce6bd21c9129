import { createHash } from "node:crypto";
import { concatBytes, unwrap, utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeCollection, verifyOpening } from "./collection.ts";
import { draftStatement } from "./draft.ts";
import type { Indicator } from "./indicator.ts";
import { parseBody } from "./body.ts";
import { parseLeaf, type StatementLeaf } from "./leaf.ts";
import { draftItems, ItemsReader, parseItems, type ReadItem } from "./share-items.ts";
import { bytesOf, hexOf } from "./testing/samples.ts";

const key = bytesOf("key");
const indicators: readonly Indicator[] = [
  { kind: "domain", value: "evil.example", labels: ["phishing"], confidence: 80 },
  { kind: "domain", value: "bad.example", description: "„Köder“\n" },
  { kind: "ipv4", value: "192.0.2.1", first: 1, last: 2 },
];
const drafted = draftItems(key, indicators);

const anyIndicator: fc.Arbitrary<Indicator> = fc
  .record(
    { kind: fc.constant("domain" as const), value: fc.stringMatching(/^[a-z]{1,20}\.example$/) },
    { requiredKeys: ["kind", "value"] },
  )
  .chain((item) =>
    fc
      .option(fc.integer({ min: 0, max: 100 }), { nil: undefined })
      .map((confidence) => (confidence === undefined ? item : { ...item, confidence })),
  );

/** A blob and a summary that agrees with it in all but what the lines themselves say. */
function read(lines: readonly string[], count: number = lines.length - 1): ReturnType<typeof parseItems> {
  const blob = utf8(lines.map((line) => `${line}\n`).join(""));
  const { root } = makeCollection(
    key,
    lines.slice(1).map((line) => utf8(line).subarray(0, 16_384)),
  ).root();
  const digest = createHash("sha256").update(blob).digest("hex");
  return parseItems(blob, { collection: { root, count }, items: { digest, size: blob.length } });
}

function header(count: number): string {
  return `{"count":${count},"key":"${hexOf("key")}","v":1}`;
}

describe("draftItems", () => {
  it("writes exactly these bytes", () => {
    const text =
      `{"count":3,"key":"${hexOf("key")}","v":1}\n` +
      '{"confidence":80,"kind":"domain","labels":["phishing"],"value":"evil.example"}\n' +
      '{"description":"„Köder“\\n","kind":"domain","value":"bad.example"}\n' +
      '{"first":1,"kind":"ipv4","last":2,"value":"192.0.2.1"}\n';
    expect(utf8Decode(drafted.blob)).toBe(text);
    expect(drafted.items).toEqual({
      digest: createHash("sha256").update(text).digest("hex"),
      size: drafted.blob.length,
    });
    expect(drafted.kinds).toEqual({ domain: 2, ipv4: 1 });
    expect(drafted.collection.count).toBe(3);
  });

  it("throws on an indicator that no station reads", () => {
    expect(() => draftItems(key, [{ kind: "domain", value: "Not normal" }])).toThrow(
      "items[0].value: is not a normalised domain",
    );
  });
});

describe("reading", () => {
  it("gives back what was written, with openings that verify", () => {
    fc.assert(
      fc.property(fc.array(anyIndicator, { maxLength: 20 }), (list) => {
        const { blob, ...summary } = draftItems(key, list);
        const { items, collection } = unwrap(parseItems(blob, summary));
        expect(items.map(({ indicator }) => indicator)).toEqual(list);
        for (const { index, bytes } of items) {
          expect(verifyOpening(summary.collection, collection.open(index, bytes)).ok).toBe(true);
        }
      }),
    );
  });

  it("gives the same in pieces of any size", () => {
    const whole = unwrap(parseItems(drafted.blob, drafted)).items;
    for (let size = 1; size <= drafted.blob.length; size += 7) {
      const reader = new ItemsReader(drafted);
      const items: ReadItem[] = [];
      // One buffer for all pieces, as a file's reader has: what was read must not change with it.
      const buffer = Buffer.alloc(size);
      for (let at = 0; at < drafted.blob.length; at += size) {
        const piece = drafted.blob.subarray(at, at + size);
        buffer.set(piece);
        items.push(...unwrap(reader.push(buffer.subarray(0, piece.length))));
      }
      expect(items).toEqual(whole);
      expect(unwrap(reader.end()).root()).toEqual(drafted.collection);
    }
  });

  it("refuses every single-bit change", () => {
    for (let bit = 0; bit < drafted.blob.length * 8; bit++) {
      const changed = drafted.blob.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(parseItems(changed, drafted).ok).toBe(false);
    }
  });

  it.each([
    ["no lines", [], "bad-item"],
    ["no header", ['{"kind":"domain","value":"a.example"}'], "bad-header"],
    ["a header with more", ['{"count":0,"key":"","more":1,"v":1}'], "bad-header"],
    ["a line that is not canonical", [header(1), '{"value":"a.example","kind":"domain"}'], "bad-item"],
    ["an empty line", [header(1), ""], "bad-item"],
    ["an unknown kind", [header(1), '{"kind":"ja5","value":"a"}'], "bad-item"],
    ["a value that is not of its kind", [header(1), '{"kind":"ipv4","value":"a"}'], "bad-item"],
    ["a line that is too long", [header(1), `{"kind":"domain","value":"${"a".repeat(16_384)}"}`], "too-large"],
  ])("refuses %s", (_what, lines, code) => {
    expect(read(lines)).toMatchObject({ ok: false, fault: { code } });
  });

  it("says at which line", () => {
    const good = '{"kind":"domain","value":"a.example"}';
    expect(read([header(2), good, '{"kind":"domain","value":"A"}'])).toMatchObject({
      fault: { message: "items line 3.value: is not a normalised domain" },
    });
  });

  it("refuses other counts than the statement's", () => {
    const good = '{"kind":"domain","value":"a.example"}';
    expect(read([header(1), good]).ok).toBe(true);
    expect(read([header(2), good], 2)).toMatchObject({ fault: { code: "wrong-count" } });
    expect(read([header(1), good, good], 1)).toMatchObject({ fault: { code: "wrong-count" } });
    expect(read([header(2), good], 1)).toMatchObject({ fault: { code: "wrong-count" } });
  });

  it("refuses a blob that is cut off, continued, or another's", () => {
    expect(parseItems(drafted.blob.subarray(0, -1), drafted)).toMatchObject({ fault: { code: "wrong-size" } });
    expect(parseItems(concatBytes(drafted.blob, utf8("x")), drafted)).toMatchObject({ fault: { code: "wrong-size" } });
    const other = { ...drafted, collection: { ...drafted.collection, root: hexOf("root") } };
    expect(parseItems(drafted.blob, other)).toMatchObject({ fault: { code: "wrong-root" } });
    const renamed = { ...drafted, items: { ...drafted.items, digest: hexOf("digest") } };
    expect(parseItems(drafted.blob, renamed)).toMatchObject({ fault: { code: "wrong-digest" } });
  });

  it("stops at the first fault, and holds no more than a line", () => {
    const reader = new ItemsReader({ ...drafted, items: { ...drafted.items, size: 1 << 28 } });
    for (let i = 0; i < 100; i++) reader.push(new Uint8Array(1 << 16).fill(0x61));
    expect(reader.push(drafted.blob)).toMatchObject({ fault: { code: "too-large" } });
    expect(reader.end()).toMatchObject({ fault: { code: "too-large" } });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        const size = { ...drafted, items: { ...drafted.items, size: bytes.length } };
        expect(() => parseItems(bytes, size)).not.toThrow();
        expect(() => read([header(1), text])).not.toThrow();
      }),
    );
  });
});

it("is not needed to read the statement: an erased blob changes nothing of the record", () => {
  const { blob: _erased, ...summary } = drafted;
  const { leaf, body } = draftStatement({
    unit: hexOf("unit"),
    by: "north.example/log",
    type: "open",
    kind: "share",
    of: [],
    at: 1,
    audience: "unit",
    salt: bytesOf("salt"),
    content: { title: "Phishing", tlp: "red", ...summary },
  });
  expect(unwrap(parseBody(body, unwrap(parseLeaf(leaf)) as StatementLeaf))).toMatchObject({
    name: "open/share",
    content: summary,
  });
});
