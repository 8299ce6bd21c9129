import type { Json } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkContent, CONTENT_NAMES, type Contents } from "./kinds.ts";
import type { StatementType } from "./vocabulary.ts";
import { hexOf, SAMPLES } from "./testing/samples.ts";

function check(name: string, content: unknown): ReturnType<typeof checkContent> {
  const [type, kind] = name.split("/") as [StatementType, string];
  return checkContent(type, kind, content as Json);
}

function flawOf(name: keyof Contents, change: object): string {
  const checked = check(name, { ...SAMPLES[name], ...change });
  return checked.ok ? "no fault" : checked.fault.message;
}

describe.each(CONTENT_NAMES)("%s", (name) => {
  const sample: object = SAMPLES[name];

  it("is read as what it is", () => {
    expect(check(name, sample)).toEqual({ ok: true, value: { name, content: sample } });
  });

  it("takes no further members, at any depth", () => {
    for (const more of withOneMemberMore(sample)) expect(check(name, more).ok).toBe(false);
  });

  it("takes no member of another type", () => {
    const wrong = [null, true, 1.5, -1, "\u0000", ["x"], { x: 1 }];
    const contents = Object.keys(sample).flatMap((member) => wrong.map((value) => ({ ...sample, [member]: value })));
    expect(contents.filter((content) => check(name, content).ok)).toEqual([]);
  });

  it("is an object", () => {
    for (const wrong of [null, 0, "", [], [sample]]) expect(check(name, wrong).ok).toBe(false);
  });

  it("never throws", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(json, fc.dictionary(fc.constantFrom(...Object.keys(sample), "__proto__"), json), (value, members) => {
        expect(() => check(name, value)).not.toThrow();
        expect(() => check(name, { ...sample, ...members })).not.toThrow();
      }),
      { numRuns: 30 },
    );
  });
});

describe("required members", () => {
  it.each(
    Object.entries({
      "open/charter": ["charter"],
      "open/keys": ["role", "key", "next"],
      "open/share": ["title", "tlp", "collection", "items", "kinds"],
      "open/match-set": ["suite", "epoch", "key", "receipts", "pool", "partners"],
      "open/objects": ["title", "tlp", "collection", "items"],
      "open/question": ["title", "text"],
      "exhibit/file": ["digest", "size", "origin", "via", "obtained", "precision"],
      "exhibit/match-edition": ["sequence", "labelBytes", "partners"],
      "weigh/probability": ["permille"],
      "account/report": ["party", "said"],
      "observe/sighting": ["item", "count", "first", "last", "coverage"],
      "observe/false-positive": ["item", "reason"],
      "observe/check": ["check", "outcome", "coverage"],
      "observe/equivocation": ["log", "first", "second"],
      "observe/match-totals": ["to", "pooled", "partners"],
      "open/meeting": ["suite", "by", "with", "purpose", "until", "most", "list"],
      "exhibit/meeting-list": ["key", "count", "digest"],
      "exhibit/meeting-message": ["step", "digest"],
      "observe/meeting-count": ["count"],
      "observe/meeting-end": ["outcome"],
      "seal/commitment": ["commitment"],
    } satisfies { [Name in keyof Contents]?: readonly string[] }),
  )("%s", (name, members) => {
    const sample = SAMPLES[name as keyof Contents];
    for (const member of members) {
      const rest = Object.fromEntries(Object.entries(sample).filter(([key]) => key !== member));
      expect(check(name, rest)).toMatchObject({ fault: { message: `body.content.${member}: missing` } });
    }
  });
});

describe("rules", () => {
  it("counts a share's items", () => {
    expect(flawOf("open/share", { kinds: { domain: 2 } })).toBe(
      "body.content.kinds: must add up to the collection's count",
    );
    expect(flawOf("open/share", { kinds: { domain: 2, ja5: 1 } })).toMatch(
      "has a member that this form does not have (ja5)",
    );
    expect(flawOf("open/share", { collection: { root: hexOf("r"), count: -1 } })).toBe(
      "body.content.collection.count: expected an integer from 0 to 16777216",
    );
  });

  it("names the partners of a match set in order, each once, and adds up what they have spent", () => {
    const { partners } = SAMPLES["open/match-set"];
    const order = "body.content.partners: must be in ascending order, each once";
    expect(flawOf("open/match-set", { partners: partners.toReversed() })).toBe(order);
    expect(flawOf("open/match-set", { partners: [partners[0], partners[0]] })).toBe(order);
    expect(flawOf("open/match-set", { partners: [] })).toBe("body.content.partners: expected a list of 1 to 64");
    expect(flawOf("open/match-set", { suite: "P256-SHA256" })).toBe(
      'body.content.suite: expected "ristretto255-SHA512"',
    );
    expect(flawOf("exhibit/match-edition", { partners: [] })).toBe("body.content.partners: expected a list of 1 to 64");
    expect(flawOf("observe/match-totals", { pooled: 79 })).toBe(
      "body.content.pooled: must be what the partners have spent together",
    );
  });

  it("holds a meeting between two parties, with lists of a size that a station takes", () => {
    const { list } = SAMPLES["open/meeting"];
    expect(flawOf("open/meeting", { with: "north" })).toBe("body.content.with: must be another party than the author");
    for (const count of [0, 1023, 2 ** 20 + 1]) {
      expect(flawOf("open/meeting", { list: { ...list, count } })).toBe(
        "body.content.list.count: expected an integer from 1024 to 1048576",
      );
      expect(flawOf("exhibit/meeting-list", { count })).toBe(
        "body.content.count: expected an integer from 1024 to 1048576",
      );
    }
    expect(flawOf("exhibit/meeting-message", { step: "list" })).toBe(
      'body.content.step: expected one of "counted", "contents"',
    );
    expect(flawOf("observe/meeting-end", { outcome: "forgiven" })).toMatch(
      /^body.content.outcome: expected one of "done"/,
    );
  });

  it("bounds the objects of a share", () => {
    for (const count of [0, 2 ** 20 + 1]) {
      expect(flawOf("open/objects", { collection: { root: hexOf("r"), count } })).toBe(
        "body.content.collection.count: expected an integer from 1 to 1048576",
      );
    }
  });

  it("takes keys that are keys", () => {
    expect(flawOf("open/keys", { key: "AAAA" })).toBe("body.content.key: expected an Ed25519 public key in base64");
    expect(flawOf("open/keys", { role: "log" })).toMatch("a verifier key reads name+hex8+base64");
  });

  it("takes only times in order", () => {
    expect(flawOf("observe/sighting", { first: 3, last: 2 })).toBe("body.content.last: is before first");
    expect(flawOf("observe/check", { coverage: { from: 2, to: 1, source: "" } })).toBe(
      "body.content.coverage.to: is before from",
    );
  });

  it("bounds a probability", () => {
    expect(flawOf("weigh/probability", { permille: 1001 })).toBe(
      "body.content.permille: expected an integer from 0 to 1000",
    );
  });
});

it("lets unknown kinds through, uninterpreted", () => {
  expect(check("open/ballot", [1, { x: null }])).toEqual({
    ok: true,
    value: { name: "unknown", content: [1, { x: null }] },
  });
});

/** The sample with a member added, in each of its objects in turn. */
function withOneMemberMore(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, i) => withOneMemberMore(item).map((more) => value.with(i, more)));
  }
  if (typeof value !== "object" || value === null) return [];
  const deeper = Object.entries(value).flatMap(([name, member]) =>
    withOneMemberMore(member).map((more) => ({ ...value, [name]: more })),
  );
  return [{ ...value, further: 1 }, ...deeper];
}
