import { createHash } from "node:crypto";
import { canonicalJson, type Json, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { charterDigest, checkCharter, leastQuorum, parseCharter } from "./charter.ts";
import { charter, hexOf, party } from "./testing/samples.ts";

const three = charter(["north", "south", "west"], 2);
const [north, south, west] = three.parties as [
  ReturnType<typeof party>,
  ReturnType<typeof party>,
  ReturnType<typeof party>,
];

function flawOf(change: object): string {
  const checked = checkCharter({ ...three, ...change });
  return checked.ok ? "no fault" : checked.fault.message;
}

describe("a charter document", () => {
  it("is read from its canonical bytes, and named by their SHA-256", () => {
    const text = canonicalJson(three as unknown as Json);
    expect(unwrap(parseCharter(utf8(text)))).toEqual(three);
    expect(charterDigest(three)).toBe(createHash("sha256").update(text).digest("hex"));
    expect(parseCharter(utf8(` ${text}`))).toMatchObject({ fault: { code: "not-canonical" } });
    expect(parseCharter(new Uint8Array(1_048_577))).toMatchObject({ fault: { code: "too-large" } });
  });

  it("may amend another", () => {
    expect(flawOf({ base: hexOf("base"), attempt: 2 })).toBe("no fault");
    expect(flawOf({ base: "x" })).toBe("charter.base: expected 64 lower-case hexadecimal digits");
    expect(flawOf({ attempt: 0 })).toBe("charter.attempt: expected an integer from 1 to 1000000");
  });

  it.each([
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
    [6, 3],
    [7, 4],
  ])("of %i parties needs a quorum of %i at least: more than half of the others", (parties, least) => {
    expect(leastQuorum(parties)).toBe(least);
    expect(2 * least).toBeGreaterThan(parties - 1);
    expect(2 * (least - 1)).toBeLessThanOrEqual(parties - 1);
  });

  it("refuses a quorum below the majority of the others, or above all of them", () => {
    const message = "charter.quorum: expected 2 to 2 of 3 parties (the majority of the others at least)";
    expect(flawOf({ quorum: 1 })).toBe(message);
    expect(flawOf({ quorum: 3 })).toBe(message);
    expect(checkCharter(charter(["a", "b", "c", "d"], 3)).ok).toBe(true);
  });

  it("refuses one party alone, and more than 64", () => {
    expect(flawOf({ parties: [north] })).toBe("charter.parties: expected a list of 2 to 64");
    expect(flawOf({ parties: Array.from({ length: 65 }, () => north) })).toBe(
      "charter.parties: expected a list of 2 to 64",
    );
  });

  it.each([
    ["parties out of order", [south, north, west], "charter.parties: must be ascending by name, each name once"],
    [
      "a name twice",
      [north, { ...south, name: "north" }, west],
      "charter.parties: must be ascending by name, each name once",
    ],
    [
      "an origin twice",
      [north, { ...south, origin: north.origin, log: north.log }, west],
      "charter.parties: two parties have one origin",
    ],
    [
      "a transport key twice",
      [north, { ...south, transport: north.transport }, west],
      "charter.parties: a key stands in two places; every role of every party has a key of its own",
    ],
    [
      "a witness key twice",
      [north, { ...south, witness: north.witness }, west],
      "charter.parties: a key stands in two places; every role of every party has a key of its own",
    ],
    [
      "one key in two roles",
      [{ ...north, mirror: north.witness }, south, west],
      "charter.parties: a key stands in two places; every role of every party has a key of its own",
    ],
    [
      "a next key twice",
      [north, { ...south, next: { ...south.next, log: north.next.log } }, west],
      "charter.parties: the digest of a next key stands in two places",
    ],
    [
      "a broken key",
      [north, south, { ...west, log: "x" }],
      "charter.parties[2].log: a verifier key reads name+hex8+base64",
    ],
  ])("refuses %s", (_what, parties, message) => {
    expect(flawOf({ parties })).toBe(message);
  });

  it("sees through another name for the same key", () => {
    // The same 32 bytes as north's witness key, under south's name: the text differs, the key does not.
    const renamed = party("south");
    const stolen = { ...renamed, witness: sameKeyAs(north.witness, "south.example/witness") };
    expect(flawOf({ parties: [north, stolen, west] })).toMatch("a key stands in two places");
  });

  it("has another digest after any change", () => {
    const digests = [three, { ...three, quorum: 1 }, { ...three, nonce: hexOf("other") }, { ...three, attempt: 2 }].map(
      charterDigest,
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.anything(),
        fc.dictionary(fc.constantFrom(...Object.keys(three)), fc.jsonValue({ maxDepth: 2 })),
        (bytes, any, change) => {
          expect(() => parseCharter(bytes)).not.toThrow();
          expect(() => checkCharter(any)).not.toThrow();
          expect(() => flawOf(change)).not.toThrow();
        },
      ),
    );
  });
});

/** A verifier key of the same public key under another name (c2sp.org/signed-note: id = SHA-256(name LF type key)[:4]). */
function sameKeyAs(vkey: string, name: string): string {
  const key = vkey.slice(vkey.lastIndexOf("+") + 1);
  const id = createHash("sha256").update(`${name}\n`).update(Buffer.from(key, "base64")).digest("hex").slice(0, 8);
  return `${name}+${id}+${key}`;
}
