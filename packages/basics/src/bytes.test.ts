import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes, compareText, concatBytes, equalBytes, utf8, utf8Decode } from "./bytes.ts";

const bytes = fc.uint8Array({ maxLength: 6 });

describe("bytes", () => {
  it("orders and compares as Node does", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b));
        expect(concatBytes(a, b, a)).toEqual(new Uint8Array(Buffer.concat([a, b, a])));
      }),
    );
  });

  it("orders text by UTF-16 code units", () => {
    // RFC 8785 §3.2.3: the surrogate pair of U+1F600 comes before U+FB33.
    expect(compareText("\u{1f600}", "\ufb33")).toBe(-1);
    expect(compareText("b", "a")).toBe(1);
    expect(compareText("a", "a")).toBe(0);
  });

  it("decodes UTF-8 only, and keeps a byte order mark", () => {
    expect(utf8Decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
    expect(utf8Decode(Uint8Array.of(0xc0, 0x80))).toBeUndefined(); // overlong (RFC 3629 §3)
    expect(utf8Decode(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined(); // a surrogate (RFC 3629 §3)
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => utf8Decode(utf8(text)) === text));
  });
});
