import { fromHex, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeEntryBundle, MAX_BUNDLE_SIZE, MAX_ENTRY_SIZE, parseEntryBundle } from "./entry-bundle.ts";

describe("entry bundles", () => {
  it("are entries with their lengths as 16-bit big-endian integers before them", () => {
    const long = new Uint8Array(0x0102).fill(0xaa);
    const bundle = encodeEntryBundle([utf8("ab"), new Uint8Array(), long]);
    expect(bundle.subarray(0, 8)).toEqual(fromHex("0002616200000102"));
    expect(bundle.subarray(8)).toEqual(long);
  });

  it("are read back", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 }), (entries) => {
        const parsed = parseEntryBundle(encodeEntryBundle(entries), entries.length);
        expect(parsed).toEqual({ ok: true, value: entries });
      }),
      { numRuns: 30 },
    );
  });

  it("are read only whole, with the number of entries asked for", () => {
    const bundle = encodeEntryBundle([utf8("one"), utf8("two")]);
    for (let length = 0; length < bundle.length; length++) {
      expect(parseEntryBundle(bundle.subarray(0, length), 2)).toMatchObject({ fault: { code: "bundle" } });
    }
    expect(parseEntryBundle(bundle, 1)).toMatchObject({
      fault: { message: "the bundle has bytes after its 1 entries" },
    });
    expect(parseEntryBundle(bundle, 3)).toMatchObject({ fault: { message: "the bundle ends within entry 2 of 3" } });
  });

  it("of any bytes: a fault, or what encodes to them", () => {
    const small = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3, 255), { maxLength: 20 }).map((b) => Uint8Array.from(b));
    fc.assert(
      fc.property(
        fc.oneof(small, fc.uint8Array({ maxLength: 600 })),
        fc.integer({ min: 1, max: 256 }),
        (bytes, width) => {
          for (const count of [width, 1, 2, 3]) {
            const parsed = parseEntryBundle(bytes, count);
            expect(parsed.ok ? encodeEntryBundle(parsed.value) : bytes).toEqual(bytes);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("hold copies: what is done to the bytes later does not reach the entries", () => {
    const bundle = Buffer.from(encodeEntryBundle([utf8("one")]));
    const parsed = parseEntryBundle(bundle, 1);
    bundle.fill(0);
    expect(parsed).toEqual({ ok: true, value: [utf8("one")] });
  });

  it("have limits", () => {
    expect(() => encodeEntryBundle([])).toThrow("1..256");
    expect(() => encodeEntryBundle(Array.from({ length: 257 }, () => new Uint8Array()))).toThrow("1..256");
    expect(() => encodeEntryBundle([new Uint8Array(MAX_ENTRY_SIZE + 1)])).toThrow("65,535");
    const largest = encodeEntryBundle(Array.from({ length: 256 }, () => new Uint8Array(MAX_ENTRY_SIZE)));
    expect(largest.length).toBe(MAX_BUNDLE_SIZE);
  });
});
