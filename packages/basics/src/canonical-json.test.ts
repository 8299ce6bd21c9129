import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, canonicalJsonBytes, type Json, parseCanonicalJson } from "./canonical-json.ts";
import { fromHex, toHex } from "./encoding.ts";
import { unwrap } from "./result.ts";
import { utf8 } from "./bytes.ts";

const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }) as fc.Arbitrary<Json>;

/** RFC 8785 Appendix B: the bits of an IEEE 754 double, and its JSON form. */
const APPENDIX_B: readonly (readonly [string, string])[] = [
  ["0000000000000000", "0"],
  ["8000000000000000", "0"],
  ["0000000000000001", "5e-324"],
  ["8000000000000001", "-5e-324"],
  ["7fefffffffffffff", "1.7976931348623157e+308"],
  ["ffefffffffffffff", "-1.7976931348623157e+308"],
  ["4340000000000000", "9007199254740992"],
  ["c340000000000000", "-9007199254740992"],
  ["4430000000000000", "295147905179352830000"],
  ["44b52d02c7e14af5", "9.999999999999997e+22"],
  ["44b52d02c7e14af6", "1e+23"],
  ["44b52d02c7e14af7", "1.0000000000000001e+23"],
  ["444b1ae4d6e2ef4e", "999999999999999700000"],
  ["444b1ae4d6e2ef4f", "999999999999999900000"],
  ["444b1ae4d6e2ef50", "1e+21"],
  ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
  ["3eb0c6f7a0b5ed8d", "0.000001"],
  ["41b3de4355555553", "333333333.3333332"],
  ["41b3de4355555554", "333333333.33333325"],
  ["41b3de4355555555", "333333333.3333333"],
  ["41b3de4355555556", "333333333.3333334"],
  ["41b3de4355555557", "333333333.33333343"],
  ["becbf647612f3696", "-0.0000033333333333333333"],
  ["43143ff3c1cb0959", "1424953923781206.2"],
];

function double(bits: string): number {
  const bytes = fromHex(bits) as Uint8Array;
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
}

describe("RFC 8785", () => {
  it.each(APPENDIX_B)("Appendix B: %s is %s", (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text);
  });

  it.each(["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])("Appendix B: %s has no JSON form", (bits) => {
    expect(() => canonicalJson(double(bits))).toThrow("has no JSON form");
  });

  it("§3.2.2 to §3.2.4: the sample object gives the published bytes", () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const published = `
      7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72
      73 22 3a 5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32
      2c 31 65 2d 32 37 5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c
      5c 5c 5c 22 2f 22 7d`;
    expect(toHex(canonicalJsonBytes(JSON.parse(input) as Json))).toBe(published.replaceAll(/\s/g, ""));
  });

  it("§3.2.3: members are ordered by UTF-16 code units", () => {
    const input = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
      "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",
      "\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const values = canonicalJson(JSON.parse(input) as Json).match(/:"[^"]*"/g);
    expect(values?.map((value) => value.slice(2, -1))).toEqual([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  // The development portal's test data (github.com/cyberphone/json-canonicalization, testdata), which Appendix I names.
  it.each([
    ["arrays", `[56,{"d":true,"10":null,"1":[ ]}]`, `[56,{"1":[],"10":null,"d":true}]`],
    [
      "french",
      `{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}`,
      `{"peach":"This sorting order","péché":"is wrong according to French","pêche":"but canonicalization MUST","sin":"ignore locale"}`,
    ],
    [
      "structures",
      String.raw`{"1":{"f":{"f":"hi","F":5} ,"\n":56.0},"10":{ },"":"empty","a":{ },"111":[ {"e":"yes","E":"no" } ],"A":{ }}`,
      String.raw`{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`,
    ],
    ["unicode", String.raw`{"Unnormalized Unicode":"A\u030a"}`, `{"Unnormalized Unicode":"A\u030a"}`],
    [
      "weird",
      String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\u000a":"Newline","1":"One","\u0080":"Control\u007f","\ud83d\ude02":"Smiley","\u00f6":"Latin Small Letter O With Diaeresis","\ufb33":"Hebrew Letter Dalet With Dagesh","</script>":"Browser Challenge"}`,
      `{"\\n":"Newline","\\r":"Carriage Return","1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f","ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😂":"Smiley","\ufb33":"Hebrew Letter Dalet With Dagesh"}`,
    ],
  ])("the portal's %s.json", (_name, input, output) => {
    expect(canonicalJson(JSON.parse(input) as Json)).toBe(output);
    expect(unwrap(parseCanonicalJson(utf8(output)))).toEqual(JSON.parse(input));
  });
});

describe("parseCanonicalJson", () => {
  it("reads back whatever was written", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        let bytes: Uint8Array;
        try {
          bytes = canonicalJsonBytes(value);
        } catch {
          return; // a lone surrogate
        }
        expect(canonicalJson(unwrap(parseCanonicalJson(bytes)))).toBe(canonicalJson(value));
      }),
    );
  });

  it("accepts only the canonical spelling of a value", () => {
    const spelling = fc.oneof(
      fc.constantFrom("", " ", "\n", ",", '"a":1', '"b":2', '"10":1', '"9":1', '"__proto__":1', "-0", "1.0", "1e2"),
      fc.constantFrom("{", "}", "[", "]", '"\\u0041"', '"\\/"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\\\ud800"', "01"),
    );
    fc.assert(
      fc.property(fc.array(spelling, { maxLength: 9 }), fc.constantFrom("[]", "{}"), (parts, wrap) => {
        const text = `${wrap[0]}${parts.join("")}${wrap[1]}`;
        const result = parseCanonicalJson(utf8(text));
        expect(result.ok ? canonicalJson(result.value) : text).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["white space", `{"a": 1}`],
    ["a trailing newline", `{"a":1}\n`],
    ["members out of order", `{"b":1,"a":2}`],
    ["index-like members in numeric order", `{"9":1,"10":2}`],
    ["a member twice", `{"a":1,"a":1}`],
    ["negative zero", "[-0]"],
    ["another number form", "[1.0]"],
    ["a number out of range", "[1e400]"],
    ["a needless escape", String.raw`["\u0041"]`],
    ["a lone surrogate", String.raw`["\ud800"]`],
    ["an escaped surrogate pair", String.raw`["\ud83d\ude00"]`],
  ])("refuses %s", (_what, text) => {
    expect(parseCanonicalJson(utf8(text))).toMatchObject({ ok: false, fault: { code: "not-canonical" } });
  });

  it.each([
    ["index-like members in canonical order", `{"10":2,"9":1}`],
    ["an escaped backslash before ud", String.raw`["\\ud800"]`],
    ["a member named __proto__", `{"__proto__":{"a":1}}`],
    ["a member named toJSON", `{"toJSON":1}`],
  ])("accepts %s", (_what, text) => {
    expect(canonicalJson(unwrap(parseCanonicalJson(utf8(text))))).toBe(text);
  });

  it("tells what is wrong with the bytes", () => {
    expect(parseCanonicalJson(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ fault: { code: "not-utf8" } });
    expect(parseCanonicalJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31))).toMatchObject({ fault: { code: "not-json" } });
    expect(parseCanonicalJson(utf8("{"))).toMatchObject({ fault: { code: "not-json" } });
  });

  it("takes 64 levels and refuses more, before it can exhaust the stack", () => {
    expect(parseCanonicalJson(utf8("[".repeat(64) + "]".repeat(64)))).toMatchObject({ ok: true });
    expect(parseCanonicalJson(utf8("[".repeat(65) + "]".repeat(65)))).toMatchObject({ fault: { code: "too-deep" } });
    expect(parseCanonicalJson(utf8("[".repeat(1_000_000)))).toMatchObject({ fault: { code: "too-deep" } });
    expect(parseCanonicalJson(utf8(`["${"[".repeat(200)}\\"["]`))).toMatchObject({ ok: true });
  });

  it("never throws on arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => parseCanonicalJson(bytes)).not.toThrow();
      }),
    );
  });
});
