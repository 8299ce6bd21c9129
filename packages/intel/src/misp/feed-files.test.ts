import { unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { readMispEvent } from "./event.ts";
import { hashesOf, hashLines, readHashes } from "./hashes.ts";
import { manifestText, readManifest } from "./manifest.ts";

const UUID = "5f9e6a8b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
const OTHER = "6f9e6a8b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
const bytesOf = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const event = (more: object = {}): object => ({
  Event: { uuid: UUID, info: "x", timestamp: "1780000000", date: "2026-05-28", Attribute: [], ...more },
});

describe("an event of a feed", () => {
  it("is taken with what a feed needs of it", () => {
    const attribute = { type: "domain", value: "evil.example" };
    const read = unwrap(
      readMispEvent(bytesOf(event({ Attribute: [attribute], Object: [{ Attribute: [attribute] }] }))),
    );
    expect(read).toMatchObject({ uuid: UUID, info: "x", timestamp: 1_780_000_000 });
    expect(read.hashes.size).toBe(1);
  });

  it("is refused where it is none", () => {
    const code = (bytes: Uint8Array): string => {
      const read = readMispEvent(bytes);
      return read.ok ? "ok" : `${read.fault.code}: ${read.fault.message}`;
    };
    expect(code(bytesOf(event({ uuid: "../../etc/passwd" })))).toContain("Event.uuid");
    expect(code(bytesOf(event({ uuid: UUID.toUpperCase() })))).toContain("Event.uuid");
    expect(code(bytesOf(event({ info: 5 })))).toContain("Event.info");
    expect(code(bytesOf(event({ timestamp: "soon" })))).toContain("Event.timestamp");
    expect(code(bytesOf(event({ Attribute: [1] })))).toContain("Event.Attribute");
    expect(code(bytesOf({ Event: 5 }))).toContain("not-an-event");
    expect(code(utf8("{"))).toContain("not-json");
    expect(code(Uint8Array.of(0xff))).toContain("not-utf8");
    expect(code(utf8(`{"Event":${"[".repeat(1_000_000)}`))).toContain("too-deep");
    expect(code(new Uint8Array(64 * 1024 * 1024 + 1))).toContain("too-large");
  });
});

describe("a manifest", () => {
  it("gives the events, and passes over what is none", () => {
    const entry = { info: "x", timestamp: 1_780_000_000 };
    const read = unwrap(
      readManifest(
        bytesOf({ [UUID]: entry, "../x": entry, [OTHER]: { timestamp: "1e9" }, [UUID.toUpperCase()]: entry }),
      ),
    );
    expect([...read.events]).toEqual([[UUID, { timestamp: 1_780_000_000, entry }]]);
    expect(read.faultCount).toBe(3);
    expect(read.faults[0]).toContain('"../x"');
  });

  it("may be empty, but must be a manifest, and of a size that can be followed", () => {
    expect(unwrap(readManifest(utf8("[]"))).events.size).toBe(0);
    const code = (text: string): string => {
      const read = readManifest(utf8(text));
      return read.ok ? "ok" : read.fault.code;
    };
    expect(code("[1]")).toBe("not-a-manifest");
    expect(code("5")).toBe("not-a-manifest");
    const hex = (i: number): string => i.toString(16).padStart(8, "0");
    const many = Array.from({ length: 200_001 }, (_, i) => `"${hex(i)}-1c2d-4e3f-8a9b-0c1d2e3f4a5b":{"timestamp":1}`);
    expect(code(`{${many.join(",")}}`)).toBe("too-many");
  });

  it("is written in the order of UUIDs, whatever stands in the entries", () => {
    const text = manifestText([
      [OTHER, { info: "\ud800" }],
      [UUID, { timestamp: "1" }],
    ]);
    expect(Object.keys(JSON.parse(text) as object)).toEqual([UUID, OTHER]);
  });
});

describe("hashes.csv", () => {
  const HASH = "900150983cd24fb0d6963f7d28e17f72";

  it("has the MD5 of each value, of composites and samples that of each part", () => {
    const hashes = hashesOf([
      { type: "domain", value: "" },
      { type: "filename|md5", value: "a|abc" },
      { type: "malware-sample", value: "message digest|" },
      { type: "url", value: "a|abc" },
    ]);
    // The test suite of RFC 1321, §A.5.
    const known = [
      "d41d8cd98f00b204e9800998ecf8427e",
      "0cc175b9c0f1b6a831c399e269772661",
      "900150983cd24fb0d6963f7d28e17f72",
      "f96b697d7cb7938d525a2f31aaf161d0",
    ];
    expect(known.filter((hash) => !hashes.has(hash))).toEqual([]);
    expect(hashes.size).toBe(5);
  });

  it("is read for the events that are asked for; other lines are passed over", () => {
    const text = `${hashLines(UUID, [HASH])}${hashLines(OTHER, [HASH])}nonsense\n${HASH},../../x\r\n`;
    expect([...readHashes(text, new Set([UUID]))]).toEqual([[UUID, new Set([HASH])]]);
  });
});
