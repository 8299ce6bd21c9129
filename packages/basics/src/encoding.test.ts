import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "./bytes.ts";
import { decodeBase64, fromBase64, fromHex, toBase64, toHex } from "./encoding.ts";

/** RFC 4648 §10. */
const VECTORS: readonly (readonly [string, string, string])[] = [
  ["", "", ""],
  ["f", "Zg==", "66"],
  ["fo", "Zm8=", "666f"],
  ["foo", "Zm9v", "666f6f"],
  ["foob", "Zm9vYg==", "666f6f62"],
  ["fooba", "Zm9vYmE=", "666f6f6261"],
  ["foobar", "Zm9vYmFy", "666f6f626172"],
];

describe("RFC 4648", () => {
  it.each(VECTORS)("§10: %j", (text, base64, hex) => {
    expect(toBase64(utf8(text))).toBe(base64);
    expect(fromBase64(base64)).toEqual(utf8(text));
    expect(toHex(utf8(text))).toBe(hex);
    expect(fromHex(hex)).toEqual(utf8(text));
  });

  it("decodes a part of a text into a part of a buffer, and touches nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(9), fc.nat(9), (bytes, before, at) => {
        const digits = utf8(`${"=".repeat(before)}${Buffer.from(bytes).toString("base64")}\n`);
        const into = new Uint8Array(at + bytes.length + 1).fill(7);
        expect(decodeBase64(digits, before, digits.length - 1, into, at)).toBe(bytes.length);
        expect(into).toEqual(Uint8Array.of(...new Uint8Array(at).fill(7), ...bytes, 7));
        expect(decodeBase64(digits, before, digits.length, into, at)).toBe(-1);
      }),
    );
  });

  it("agrees with Node's decoder on random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
        expect(fromBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
        expect(fromHex(Buffer.from(bytes).toString("hex"))).toEqual(bytes);
      }),
    );
  });

  it.each([
    "Zg=",
    "Zg",
    "Zh==",
    "Zm9=",
    "Z===",
    "====",
    "Zg==Zg==",
    "Zm9v\n",
    "Zm9v ",
    "Zm-_",
    "Zm9vYg==\n",
    "Zß9v",
    "Z\u0141==",
  ])("refuses %j, which is not the one form of any bytes", (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });

  it.each(["6", "6G", "6F", "0x", " 66", "66\n", "６６", "\u0136\u0136"])("refuses %j as hexadecimal", (text) => {
    expect(fromHex(text)).toBeUndefined();
  });

  it("decodes one form only", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ABZagz09+/=_- ".split("")), maxLength: 12 }), (text) => {
        const bytes = fromBase64(text);
        expect(bytes === undefined ? text : toBase64(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it("takes megabytes without running out of stack", () => {
    expect(fromBase64("a".repeat(1 << 24))?.length).toBe(3 << 22);
    expect(fromHex("a".repeat(1 << 24))?.length).toBe(1 << 23);
  });
});
