import { toBase64 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseByteSequences, parseLabelledList, stringItem } from "./structured-field.ts";

test("reads the Signature-Input of RFC 9421 B.2.6", () => {
  const raw =
    '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
  expect(parseLabelledList(`sig-b26=${raw}`)).toEqual({
    label: "sig-b26",
    items: ["date", "@method", "@path", "@authority", "content-type", "content-length"],
    parameters: new Map<string, string | number>([
      ["created", 1618884473],
      ["keyid", "test-key-ed25519"],
    ]),
    raw,
  });
});

test("reads an empty list, escapes and negative integers", () => {
  expect(parseLabelledList(String.raw`*a=();n=-12;s="a\"b\\c"`)).toMatchObject({
    label: "*a",
    items: [],
    parameters: new Map<string, string | number>([
      ["n", -12],
      ["s", String.raw`a"b\c`],
    ]),
  });
});

test.each([
  ["empty", ""],
  ["no value", "a"],
  ["a second member", 'a=("x"), b=("y")'],
  ["the same member twice", 'a=("x"), a=("x")'],
  ["an upper-case key", 'A=("x")'],
  ["an item that is a token", "a=(x)"],
  ["an item with a parameter", 'a=("x";sf)'],
  ["two spaces", 'a=("x"  "y")'],
  ["no space", 'a=("x""y")'],
  ["space inside the parenthesis", 'a=( "x")'],
  ["a space after the semicolon", 'a=("x"); n=1'],
  ["an open list", 'a=("x"'],
  ["an open string", 'a=("x)'],
  ["a bad escape", String.raw`a=("\x")`],
  ["a line break in a string", 'a=("x\ny")'],
  ["other than ASCII", 'a=("é")'],
  ["a repeated parameter", 'a=("x");n=1;n=1'],
  ["a parameter without a value", 'a=("x");n'],
  ["a leading zero", 'a=("x");n=01'],
  ["minus zero", 'a=("x");n=-0'],
  ["a decimal", 'a=("x");n=1.5'],
  ["an integer of 16 digits", 'a=("x");n=1234567890123456'],
  ["a trailing space", 'a=("x") '],
  ["a leading space", ' a=("x")'],
])("refuses %s", (_, field) => {
  expect(parseLabelledList(field)).toBeUndefined();
});

test("any list of strings with parameters comes back", () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from(' !"\\#abyz~;,=()')), maxLength: 8 });
  const name = fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,5}$/);
  const value = fc.oneof(text, fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }));
  const parameters = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 });
  fc.assert(
    fc.property(name, fc.array(text, { maxLength: 4 }), parameters, (label, items, given) => {
      const suffix = given.map(([key, v]) => `;${key}=${typeof v === "string" ? stringItem(v) : v}`).join("");
      const raw = `(${items.map(stringItem).join(" ")})${suffix}`;
      expect(parseLabelledList(`${label}=${raw}`)).toEqual({ label, items, parameters: new Map(given), raw });
    }),
  );
});

test("reads byte sequences, and any bytes come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 3 }), (a, b) => {
      const members = parseByteSequences(`a=:${toBase64(a)}:, b2=:${toBase64(b)}:`);
      expect([...(members ?? [])]).toEqual([
        ["a", a],
        ["b2", b],
      ]);
    }),
  );
});

test.each([
  ["empty", ""],
  ["an open sequence", "a=:AAAA"],
  ["no colons", "a=AAAA"],
  ["base64url", "a=:_-8=:"],
  ["bits beyond the last byte", "a=:AB==:"],
  ["no padding", "a=:AA:"],
  ["a repeated member", "a=:AAAA:, a=:AAAA:"],
  ["a trailing comma", "a=:AAAA:, "],
  ["a parameter", "a=:AAAA:;x=1"],
])("refuses as byte sequences: %s", (_, field) => {
  expect(parseByteSequences(field)).toBeUndefined();
});

test("no text makes the readers throw, and what they read is what stands there", () => {
  const unit = fc.constantFrom(...Array.from('a=("):;, \\1-é\n'));
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), (field) => {
      const list = parseLabelledList(field);
      expect(list === undefined ? field : `${list.label}=${list.raw}`).toBe(field);
      expect(parseByteSequences(field)?.size).not.toBe(0);
    }),
  );
});
