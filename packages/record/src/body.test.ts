import { createHash } from "node:crypto";
import { canonicalJsonBytes, type Json, toHex, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Audience, parseBody } from "./index.ts";
import { draftStatement, type StatementDraft } from "./draft.ts";
import { CONTENT_NAMES } from "./kinds.ts";
import { parseLeaf, type StatementLeaf } from "./leaf.ts";
import type { StatementType } from "./vocabulary.ts";
import { bytesOf, hexOf, SAMPLES } from "./testing/samples.ts";

const BY = "north.example/log";
const base = { unit: hexOf("unit"), by: BY, at: 1_700_000_000_000, of: [hexOf("a")], salt: bytesOf("salt") };
const accept = { ...base, type: "position", kind: "accept", content: { digest: hexOf("charter") } } as const;

function draft(type: StatementType, kind: string, content: Json, audience: Audience): StatementDraft {
  return { ...base, type, kind, content, audience };
}

function leafOf(bytes: Uint8Array): StatementLeaf {
  return unwrap(parseLeaf(bytes)) as StatementLeaf;
}

/** A leaf and a body that agree with each other, whatever the body says. */
function parsed(members: object, leaf: Partial<StatementLeaf> = {}): ReturnType<typeof parseBody> {
  const bytes = canonicalJsonBytes(members as Json);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return parseBody(bytes, { ...unsealed, ...leaf, body: digest, size: bytes.length });
}

const unsealed = leafOf(draftStatement({ ...accept, audience: "unit" }).leaf);
const members = {
  v: 1,
  salt: hexOf("salt"),
  by: BY,
  audience: "unit",
  type: "position",
  of: [hexOf("a")],
  kind: "accept",
  content: { digest: hexOf("charter") },
};

describe("a statement", () => {
  it("has exactly these bytes", () => {
    const { leaf, body } = draftStatement({ ...accept, audience: "unit" });
    const bodyText =
      `{"audience":"unit","by":"north.example/log","content":{"digest":"${hexOf("charter")}"},"kind":"accept","of":["${hexOf("a")}"],` +
      `"salt":"${hexOf("salt")}","type":"position","v":1}`;
    const digest = createHash("sha256").update(bodyText).digest("hex");
    expect(body).toEqual(utf8(bodyText));
    expect(leaf).toEqual(
      utf8(
        `{"at":1700000000000,"body":"${digest}","of":["${hexOf("a")}"],"size":${bodyText.length},` +
          `"type":"position","unit":"${hexOf("unit")}","v":1}`,
      ),
    );
  });

  it.each(CONTENT_NAMES)("%s comes back as it was drafted, to the unit and sealed", (name) => {
    const [type, kind] = name.split("/") as [StatementType, string];
    for (const audience of ["unit", ["north", "south"]] as const) {
      const { leaf, body } = draftStatement(draft(type, kind, SAMPLES[name] as unknown as Json, audience));
      expect(unwrap(parseBody(body, leafOf(leaf)))).toEqual({
        v: 1,
        salt: hexOf("salt"),
        by: BY,
        audience,
        type,
        of: base.of,
        kind,
        name,
        content: SAMPLES[name],
      });
    }
  });

  it("comes back whatever an unknown kind says", () => {
    const audience = fc.oneof(
      fc.constant("unit" as const),
      fc
        .uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,32}$/), { minLength: 1, maxLength: 5 })
        .map((names) => names.toSorted()),
    );
    const content = fc.jsonValue({ stringUnit: "grapheme" }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(content, audience, fc.stringMatching(/^x-[a-z0-9-]{0,30}$/), (said, readers, kind) => {
        const { leaf, body } = draftStatement(draft("open", kind, said, readers));
        const read = unwrap(parseBody(body, leafOf(leaf)));
        expect(read).toMatchObject({ name: "unknown", kind, audience: readers });
        expect(canonicalJsonBytes(read.content as Json)).toEqual(canonicalJsonBytes(said));
      }),
    );
  });

  it("carries what it unseals", () => {
    const unseals = { seal: hexOf("seal"), salt: hexOf("seal salt") };
    const { leaf, body } = draftStatement({ ...accept, audience: "unit", unseals });
    expect(unwrap(parseBody(body, leafOf(leaf)))).toMatchObject({ unseals });
  });

  it("has another digest for another salt", () => {
    const digests = ["one", "two"].map(
      (salt) => leafOf(draftStatement({ ...accept, audience: "unit", salt: bytesOf(salt) }).leaf).body,
    );
    expect(digests[0]).not.toBe(digests[1]);
  });

  it("cannot be drafted in a form that no station reads", () => {
    expect(() => draftStatement({ ...accept, audience: [] })).toThrow("body.audience: expected");
    expect(() => draftStatement({ ...accept, audience: ["b", "a"] })).toThrow("body.audience: expected");
    expect(() => draftStatement({ ...accept, audience: "unit", unit: "x" })).toThrow("leaf.unit: expected");
    expect(() => draftStatement({ ...accept, audience: "unit", salt: new Uint8Array(31) })).toThrow("32 bytes");
    expect(() => draftStatement(draft("weigh", "probability", { permille: 1001 }, "unit"))).toThrow("permille");
  });

  it("is refused after any single-bit change of its body", () => {
    const { leaf, body } = draftStatement({ ...accept, audience: "unit" });
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = body.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(parseBody(changed, leafOf(leaf))).toMatchObject({ ok: false, fault: { code: "wrong-digest" } });
    }
    expect(parseBody(body.subarray(1), leafOf(leaf))).toMatchObject({ fault: { code: "wrong-digest" } });
  });
});

describe("a sealed statement", () => {
  const secrets: readonly StatementDraft[] = [
    { ...accept, audience: ["north"] },
    { ...accept, audience: ["north", "south"], of: [], salt: bytesOf("other") },
    draft("open", "case", { title: "Breach", text: "x".repeat(100) }, ["east", "west"]),
    draft("account", "report", { party: "south", said: "" }, ["north"]),
  ];

  it("shows an outsider its size class, unit and time, and nothing else", () => {
    const drafted = secrets.map((secret) => draftStatement(secret));
    for (const { leaf, body } of drafted) {
      const { body: digest, ...shown } = leafOf(leaf);
      expect(shown).toEqual({ v: 1, unit: base.unit, type: "sealed", of: [], at: base.at, size: 512 });
      expect(digest).toBe(createHash("sha256").update(body).digest("hex"));
      expect(body.length).toBe(512);
    }
    expect(new Set(drafted.map(({ leaf }) => leaf.length)).size).toBe(1);
  });

  it("is padded to a power of two, whatever it says", () => {
    fc.assert(
      fc.property(fc.nat({ max: 6000 }), (length) => {
        const { leaf, body } = draftStatement(draft("open", "x-note", "a".repeat(length), ["north"]));
        expect(Number.isInteger(Math.log2(body.length))).toBe(true);
        expect(body.length).toBeGreaterThanOrEqual(512);
        expect(parseBody(body, leafOf(leaf)).ok).toBe(true);
      }),
    );
  });

  it("fills a size class to the last byte without going to the next", () => {
    const sizes = Array.from(
      { length: 600 },
      (_, i) => draftStatement(draft("open", "x", "a".repeat(i), ["north"])).body.length,
    );
    expect(new Set(sizes)).toEqual(new Set([512, 1024]));
    const unpadded = canonicalJsonBytes({
      ...members,
      audience: ["north"],
      type: "open",
      kind: "x",
      content: "",
      pad: "",
    });
    expect(sizes.lastIndexOf(512)).toBe(512 - unpadded.length);
  });
});

describe("parseBody", () => {
  it.each([
    ["another type than the leaf's", { type: "open" }],
    ["other references than the leaf's", { of: [hexOf("b")] }],
    ["fewer references than the leaf", { of: [] }],
    ["a narrower audience than the leaf shows", { audience: ["north"] }],
    ["padding", { pad: "" }],
  ])("refuses %s", (_what, change) => {
    expect(parsed(members).ok).toBe(true);
    expect(parsed({ ...members, ...change })).toMatchObject({ ok: false, fault: { code: "not-of-leaf" } });
  });

  it("refuses a sealed body for the whole unit, or without padding", () => {
    const sealed = { type: "sealed", of: [] } as const;
    const secret = { ...members, audience: ["north"], pad: "0" };
    expect(parsed(secret, sealed).ok).toBe(true);
    expect(parsed({ ...secret, audience: "unit" }, sealed)).toMatchObject({ fault: { code: "not-of-leaf" } });
    expect(parsed({ ...members, audience: ["north"] }, sealed)).toMatchObject({ fault: { code: "not-of-leaf" } });
  });

  it.each([
    ["an empty audience", { audience: [] }],
    ["an unknown audience", { audience: "all" }],
    ["an unsorted audience", { audience: ["b", "a"] }],
    ["no salt", { salt: "" }],
    ["a type that is none", { type: "sealed" }],
    ["a kind that is none", { kind: "No kind" }],
    ["a reference twice", { of: [hexOf("a"), hexOf("a")] }],
    ["padding of another byte", { pad: "1" }],
    ["half an unsealing", { unseals: { seal: hexOf("seal") } }],
    ["one member more", { extra: 1 }],
    ["another version", { v: 2 }],
  ])("refuses %s", (_what, change) => {
    expect(parsed({ ...members, ...change })).toMatchObject({ ok: false, fault: { code: "bad-form" } });
  });

  it("names the place of a fault in the content", () => {
    expect(parsed({ ...members, content: { digest: 1 } })).toEqual({
      ok: false,
      fault: { code: "bad-content", message: "body.content.digest: expected 64 lower-case hexadecimal digits" },
    });
  });

  it("refuses more than 1 MiB before it hashes it", () => {
    const bytes = new Uint8Array(1_048_577);
    expect(parseBody(bytes, { ...unsealed, size: bytes.length })).toMatchObject({ fault: { code: "too-large" } });
  });

  it("never throws", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(members), "pad", "unseals", "__proto__"), json),
        fc.uint8Array(),
        (change, bytes) => {
          expect(() => parsed({ ...members, ...change })).not.toThrow();
          expect(() => parseBody(bytes, { ...unsealed, body: toHex(bytes), size: bytes.length })).not.toThrow();
          const digest = createHash("sha256").update(bytes).digest("hex");
          expect(() => parseBody(bytes, { ...unsealed, body: digest, size: bytes.length })).not.toThrow();
        },
      ),
    );
  });
});
