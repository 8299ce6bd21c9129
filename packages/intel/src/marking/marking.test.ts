import type { Audience, Tlp } from "@detente/record";
import { describe, expect, it } from "vitest";
import { confidenceOf, type ConfidenceScale, confidenceWord } from "./confidence.ts";
import { narrower } from "./narrower.ts";
import { markingOf, TLP_MARKINGS } from "./tlp.ts";

const NONE = new Map();
const GREEN_1 = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";
const STATEMENT = "marking-definition--4a0042fe-8b88-40fe-9600-dfa128ce6fbd";

describe("the marking of an object", () => {
  it("is its strictest label, on the whole or on a part", () => {
    const part = {
      granular_markings: [
        { marking_ref: TLP_MARKINGS.red, selectors: ["name"] },
        { lang: "en", selectors: ["name"] },
      ],
    };
    expect(markingOf({ object_marking_refs: [GREEN_1] }, NONE).tlp).toBe("green");
    expect(
      markingOf({ object_marking_refs: [GREEN_1, TLP_MARKINGS["amber+strict"], TLP_MARKINGS.clear] }, NONE).tlp,
    ).toBe("amber+strict");
    expect(markingOf({ object_marking_refs: [GREEN_1], ...part }, NONE).tlp).toBe("red");
    expect(markingOf({}, NONE)).toEqual({ tlp: undefined, statements: [], unknown: [] });
  });

  // STIX 2.1 §7.2.1.4 names the four; the last three became what they were, WHITE became CLEAR (FIRST, TLP 2.0).
  it.each([
    ["613f2e26-407d-48c7-9eca-b8e91df99dc9", "clear"],
    ["34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"],
    ["f88d31f6-486f-44da-b317-01333bde0b82", "amber"],
    ["5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"],
  ])("reads TLP 1: %s is %s", (uuid, label) => {
    expect(markingOf({ object_marking_refs: [`marking-definition--${uuid}`] }, NONE).tlp).toBe(label);
  });

  it("tells statements from what nobody knows", () => {
    const own = "marking-definition--11111111-1111-4111-8111-111111111111";
    const forged = "marking-definition--22222222-2222-4222-8222-222222222222";
    const definitions = new Map([
      [STATEMENT, { definition_type: "statement", definition: { statement: "Copyright 2019, Example Corp" } }],
      [own, { extensions: { "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d": { tlp_2_0: "amber" } } }],
      [forged, { definition_type: "tlp", definition: { tlp: "white" } }],
    ]);
    expect(markingOf({ object_marking_refs: [STATEMENT, own, forged] }, definitions)).toEqual({
      tlp: "amber",
      statements: ["Copyright 2019, Example Corp"],
      unknown: [forged],
    });
    expect(markingOf({ object_marking_refs: [STATEMENT] }, NONE).unknown).toEqual([STATEMENT]);
  });
});

describe("a marking narrower than the audience", () => {
  const named: Audience = ["bravo"];
  const may = (tlp: Tlp | undefined, audience: Audience | "public", isOwn: boolean): boolean =>
    narrower({ tlp, statements: [], unknown: [] }, { audience, isOwn }) === undefined;

  // By the definitions of TLP 2.0: who is a recipient, an organisation, a community.
  it.each<[Tlp | undefined, string]>([
    [undefined, "own: public unit named, received: public unit named"],
    ["clear", "own: public unit named, received: public unit named"],
    ["green", "own: unit named, received: unit named"],
    ["amber", "own: unit named, received:"],
    ["amber+strict", "own: unit named, received:"],
    ["red", "own: named, received:"],
  ])("%s: %s", (tlp, expected) => {
    const shown = [true, false].map((isOwn) => {
      const allowed = (["public", "unit", named] as const).filter((audience) => may(tlp, audience, isOwn));
      return [
        isOwn ? "own:" : "received:",
        ...allowed.map((audience) => (audience === named ? "named" : audience)),
      ].join(" ");
    });
    expect(shown.join(", ")).toBe(expected);
  });

  it("is refused with its reason, and what is unknown too", () => {
    expect(narrower({ tlp: "red", statements: [], unknown: [] }, { audience: "unit", isOwn: true })).toMatch(
      /TLP:RED.*named parties/,
    );
    expect(narrower({ tlp: "clear", statements: [], unknown: [STATEMENT] }, { audience: named, isOwn: true })).toMatch(
      /not known here/,
    );
  });
});

describe("confidence", () => {
  // STIX 2.1 appendix A; ICD 203 for the last.
  it.each<[ConfidenceScale, string, number, number, number]>([
    ["none-low-med-high", "Low", 15, 1, 29],
    ["none-low-med-high", "med", 50, 30, 69],
    ["none-low-med-high", "High", 85, 70, 100],
    ["0-10", "0", 0, 0, 4],
    ["0-10", "1", 10, 5, 14],
    ["0-10", "10", 100, 95, 100],
    ["admiralty", "5", 10, 0, 19],
    ["admiralty", "1", 90, 80, 100],
    ["wep", "Impossible", 0, 0, 0],
    ["wep", "probable", 70, 60, 79],
    ["wep", "Almost Certain", 90, 80, 99],
    ["wep", "Certain", 100, 100, 100],
    ["dni", "Remote", 5, 0, 9],
    ["dni", "Highly Probable", 85, 80, 89],
    ["dni", "Nearly Certain", 95, 90, 100],
    ["icd-203", "Likely", 67, 55, 79],
    ["icd-203", "Remote", 3, 1, 4],
    ["icd-203", "Nearly certain", 97, 95, 99],
  ])("on %s, %s is %d, and so are %d to %d", (scale, word, value, from, to) => {
    expect(confidenceOf(scale, word)).toBe(value);
    for (const number of [from, value, to]) {
      expect(confidenceWord(scale, number)?.toLowerCase().split("/")).toContain(word.toLowerCase());
    }
    for (const number of [from - 1, to + 1]) {
      expect(confidenceWord(scale, number)?.toLowerCase().split("/") ?? []).not.toContain(word.toLowerCase());
    }
  });

  it("has no number for what says nothing", () => {
    expect(confidenceOf("admiralty", "6")).toBeUndefined();
    expect(confidenceOf("wep", "Remote")).toBeUndefined();
    expect(confidenceWord("dni", 101)).toBeUndefined();
    expect(confidenceWord("icd-203", 0)).toBeUndefined();
  });
});
