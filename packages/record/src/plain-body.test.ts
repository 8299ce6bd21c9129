import { canonicalJsonBytes, type Json, parseCanonicalJson, toHex, utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody } from "./body.ts";
import { CONTENT_NAMES, isContent } from "./kinds.ts";
import { readPlainBody, SAID } from "./plain-body.ts";
import { hexOf, SAMPLES } from "./testing/samples.ts";

const BY = "north.example/log";

function spell(changes: object): Uint8Array {
  const members = { v: 1, salt: hexOf("salt"), by: BY, audience: "unit", type: "open", kind: "case", of: [] };
  return canonicalJsonBytes({ ...members, content: {}, ...changes });
}

/** What the long way takes from a body for the unit. */
function byParsing(bytes: Uint8Array): object | undefined {
  const read = readBody(bytes);
  if (!read.ok || read.value.audience !== "unit") return undefined;
  const { type, kind, name, by, of, content } = read.value;
  return { type, kind, name, by, references: of.join(""), content };
}

function bySpelling(bytes: Uint8Array): object | undefined {
  const body = readPlainBody(bytes);
  const said = body && SAID[body.name];
  const content = body && parseCanonicalJson(body.content);
  if (body === undefined || said === undefined || content?.ok !== true) return undefined;
  if (!isContent(said.name, content.value)) return undefined;
  return { ...said, by: utf8Decode(body.by), references: toHex(body.references), content: content.value };
}

const name = fc.constantFrom(...CONTENT_NAMES);
const of = fc.uniqueArray(
  fc.nat(1000).map((seed) => hexOf(`${seed}`)),
  { maxLength: 64 },
);
const by = fc.stringMatching(/^[!#-*,-[\]-~]{1,128}$/);
const body = fc.tuple(name, of, by).map(([known, references, author]) => {
  const [type, kind] = known.split("/");
  return spell({ type, kind, by: author, of: references, content: SAMPLES[known] });
});

describe("readPlainBody", () => {
  it("reads every known kind for the whole unit as the long way does", () => {
    fc.assert(
      fc.property(body, (bytes) => {
        expect(bySpelling(bytes)).toBeDefined();
        expect(bySpelling(bytes)).toEqual(byParsing(bytes));
      }),
    );
  });

  it("reads nothing that the long way refuses or reads otherwise", () => {
    const patch = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('"', "\\", ",", "}", "]", "{", "1", " ", '"kind":"case","of":[', "\u00e9", "\\u0061"),
    );
    fc.assert(
      fc.property(body, fc.nat(), fc.nat(4), patch, (bytes, place, removed, text) => {
        const spelt = utf8Decode(bytes) as string;
        const at = place % (spelt.length + 1);
        const changed = utf8(spelt.slice(0, at) + text + spelt.slice(at + removed));
        const plain = bySpelling(changed);
        expect(plain ?? byParsing(changed)).toEqual(byParsing(changed));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, object]>([
    ["an audience of parties", { audience: ["north"] }],
    ["an unknown kind", { kind: "x-note" }],
    ["a kind of another type", { kind: "sighting" }],
    ["padding", { pad: "" }],
    ["what unseals", { unseals: { seal: hexOf("seal"), salt: hexOf("salt") } }],
    ["an origin with a quote", { by: 'north"' }],
    ["an origin with a backslash", { by: "north\\" }],
    ["an origin with a plus", { by: "north+1" }],
    ["an origin that is too long", { by: "n".repeat(129) }],
    ["no origin", { by: "" }],
    ["a short salt", { salt: "ab" }],
    ["a reference twice", { of: [hexOf("a"), hexOf("a")] }],
    ["65 references", { of: Array.from({ length: 65 }, (_, i) => hexOf(`${i}`)) }],
    ["another version", { v: 2 }],
    ["a fraction", { content: 1.5 }],
    ["64 levels below the body's own", { content: JSON.parse(`${"[".repeat(64)}${"]".repeat(64)}`) as Json }],
  ])("leaves %s to the long way", (_what, change) => {
    expect(readPlainBody(spell({}))).toBeDefined();
    expect(readPlainBody(spell(change))).toBeUndefined();
  });

  it("takes 63 levels below the body's own, as the long way does", () => {
    const content = JSON.parse(`${"[".repeat(63)}${"]".repeat(63)}`) as Json;
    expect(readPlainBody(spell({ content }))).toBeDefined();
    expect(readBody(spell({ content, kind: "x-deep" })).ok).toBe(true);
    expect(readBody(spell({ content: [content], kind: "x-deep" })).ok).toBe(false);
  });
});
