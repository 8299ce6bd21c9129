import { createHash, createHmac } from "node:crypto";
import { type Bytes, concatBytes, equalBytes, unwrap, utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Collection, formatObjectOpening, parseOpening, verifyOpening } from "./collection.ts";
import { MAX_OBJECT_BYTES } from "./limits.ts";
import { ObjectsReader, type ObjectsSummary, ObjectsWriter, type ReadObject } from "./share-objects.ts";
import { bytesOf, hexOf } from "./testing/samples.ts";

const key = bytesOf("key");
const header = (count: number): Bytes => utf8(`{"count":${count},"key":"${hexOf("key")}","v":1}\n`);
/** White space, line ends, a byte order mark's neighbours, escapes: all that must stay. */
const stated = ['{ "a":\r\n"\\u0041",\t"b" : 1.0 }', "{}", `{"x":"${"ü".repeat(40_000)}"}`].map(utf8);

function written(objects: readonly Bytes[]): ObjectsSummary & { readonly blob: Bytes } {
  const writer = new ObjectsWriter(key, objects.length);
  for (const object of objects) unwrap(writer.push(object));
  const { pieces, ...summary } = writer.end();
  return { ...summary, blob: concatBytes(...pieces) };
}

function read(
  blob: Bytes,
  summary: ObjectsSummary,
  size: number = blob.length,
): { readonly objects: ReadObject[]; readonly end: ReturnType<ObjectsReader["end"]> } {
  const reader = new ObjectsReader(summary);
  const objects: ReadObject[] = [];
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < blob.length; at += size) {
    const piece = blob.subarray(at, at + size);
    buffer.set(piece);
    const some = reader.push(buffer.subarray(0, piece.length));
    if (!some.ok) return { objects, end: some };
    objects.push(...some.value);
  }
  return { objects, end: reader.end() };
}

describe("a share of objects", () => {
  it("is exactly these bytes, under the root that RFC 6962 gives its salted objects", () => {
    const { blob, collection, items } = written(stated.slice(0, 2));
    const [one, two] = stated as [Bytes, Bytes];
    expect(blob).toEqual(
      concatBytes(header(2), Uint8Array.of(0, 0, 0, one.length), one, Uint8Array.of(0, 0, 0, 2), two),
    );
    expect(items).toEqual({ digest: createHash("sha256").update(blob).digest("hex"), size: blob.length });
    const leaves = [one, two].map((object, i) => {
      const salt = createHmac("sha256", key)
        .update(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, i))
        .digest();
      return createHash("sha256").update(Uint8Array.of(0)).update(salt).update(object).digest();
    });
    const root = createHash("sha256").update(Uint8Array.of(1)).update(leaves[0]!).update(leaves[1]!).digest("hex");
    expect(collection).toEqual({ root, count: 2 });
  });

  it("gives back every byte, whatever the pieces in which it is read, with openings that verify", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 60, unit: "binary" }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 300 }),
        (texts, size) => {
          const objects = texts.map(utf8);
          const { blob, ...summary } = written(objects);
          const { objects: found, end } = read(blob, summary, size);
          expect(found.map(({ bytes }) => bytes)).toEqual(objects);
          for (const { index, bytes } of found) expectToOpen(unwrap(end), index, bytes);
        },
      ),
      { numRuns: 60 },
    );
    const { blob, ...summary } = written(stated);
    expect(read(blob, summary, 1009).objects.map(({ bytes }) => bytes)).toEqual(stated);
  });

  function expectToOpen(collection: Collection, index: number, bytes: Bytes): void {
    const text = formatObjectOpening(collection.open(index, bytes));
    const opening = unwrap(parseOpening(text));
    // Not toEqual: it looks at each of eight million bytes by itself.
    expect(equalBytes(opening.item, bytes)).toBe(true);
    expect(verifyOpening(collection.root(), opening).ok).toBe(true);
    const other = { ...opening, item: concatBytes(opening.item, utf8(" ")) };
    expect(verifyOpening(collection.root(), other).ok).toBe(false);
  }

  it("opens its largest object", () => {
    const largest = utf8(`{"x":"${"y\\n".repeat(300_000)}`.padEnd(MAX_OBJECT_BYTES - 2, " ").concat('"}'));
    const { blob, ...summary } = written([largest]);
    expectToOpen(unwrap(read(blob, summary).end), 0, largest);
  });
});

describe("refused", () => {
  const { blob, ...summary } = written(stated);
  const flawOf = (bytes: Bytes, expected: ObjectsSummary = summary): string => {
    const { end } = read(bytes, { ...expected, items: { ...expected.items, size: bytes.length } });
    return end.ok ? "no fault" : `${end.fault.code}: ${end.fault.message}`;
  };

  it("on writing: no text, too large", () => {
    const writer = new ObjectsWriter(key, 1);
    expect(writer.push(Uint8Array.of(0xff))).toMatchObject({ fault: { code: "bad-item" } });
    expect(writer.push(new Uint8Array(0))).toMatchObject({ fault: { code: "bad-item" } });
    expect(writer.push(new Uint8Array(MAX_OBJECT_BYTES + 1).fill(32))).toMatchObject({ fault: { code: "too-large" } });
    expect(writer.count).toBe(0);
  });

  it("on reading: what is not what the statement commits to", () => {
    const at = header(3).length + 4;
    expect(flawOf(blob.with(at, 0x5b))).toMatch("wrong-root");
    expect(flawOf(blob.subarray(0, -1))).toBe("bad-item: objects: end within one");
    expect(flawOf(concatBytes(blob, Uint8Array.of(0, 0, 0, 1, 32)))).toBe("wrong-count: objects: more than 3");
    expect(flawOf(concatBytes(header(2), blob.subarray(header(3).length)))).toMatch("wrong-count: items line 1.count");
    expect(flawOf(concatBytes(header(3), Uint8Array.of(0, 0, 0, 0)))).toMatch("too-large: objects[0]: 0 bytes");
    expect(flawOf(concatBytes(header(3), Uint8Array.of(0, 0x80, 0, 1)))).toMatch("too-large: objects[0]: 8388609");
    expect(flawOf(concatBytes(header(3), Uint8Array.of(0, 0, 0, 1, 0xff)))).toMatch(
      "bad-item: objects[0]: is not UTF-8",
    );
    expect(flawOf(new Uint8Array(300).fill(32))).toBe("bad-header: objects: do not begin with a line");
    expect(read(concatBytes(blob, blob), summary).end).toMatchObject({ fault: { code: "wrong-size" } });
    expect(read(blob.subarray(0, 20), summary).end).toMatchObject({ fault: { code: "wrong-size" } });
  });

  it("an opening with both a text and an item, or neither", () => {
    const opening = { index: 0, salt: bytesOf("s"), item: utf8("{}"), proof: [] };
    const text = utf8Decode(formatObjectOpening(opening)) ?? "";
    expect(parseOpening(utf8(text)).ok).toBe(true);
    expect(parseOpening(utf8(text.replace('"proof"', '"item":{},"proof"')))).toMatchObject({ ok: false });
    expect(parseOpening(utf8(text.replace(',"text":"{}"', "")))).toMatchObject({ ok: false });
  });
});
