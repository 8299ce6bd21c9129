import { utf8 } from "@detente/basics";
import { TLP_MARKINGS } from "@detente/intel";
import { describe, expect, it } from "vitest";
import { indicator, uuid } from "../testing/exchange.ts";
import { type Admission, admitObjects } from "./admit.ts";

const OWN = `identity--${uuid(77)}`;
const THEIRS = `identity--${uuid(78)}`;
const unit: Admission = { audience: "unit", identities: new Set([OWN]), isOwn: false };

const marked = (number: number, tlp: keyof typeof TLP_MARKINGS, creator?: string): object => ({
  ...indicator(number),
  object_marking_refs: [TLP_MARKINGS[tlp]],
  ...(creator === undefined ? {} : { created_by_ref: creator }),
});

/** For each: the TLP label of what is admitted, or why it is not. */
async function judged(admission: Admission, ...objects: readonly unknown[]): Promise<string[]> {
  const bytes = objects.map((one) =>
    one === undefined ? undefined : utf8(typeof one === "string" ? one : JSON.stringify(one)),
  );
  const { admitted, refused } = await admitObjects(bytes, admission);
  const told = [
    ...admitted.map(({ index, tlp }) => [index, `admitted ${tlp ?? ""}`] as const),
    ...refused.map(({ index, fault }) => [index, `${fault.code}: ${fault.message}`] as const),
  ];
  return told.toSorted(([a], [b]) => a - b).map(([, text]) => text);
}

// What may go where is FIRST's TLP 2.0; who marked an object is what STIX 2.1 §3.2 calls its creator.
describe("who may have an object", () => {
  it("is the unit for what this party marked AMBER, and named parties for its RED", async () => {
    const objects = [marked(1, "green"), marked(2, "amber", OWN), marked(3, "red", OWN)];
    expect(await judged(unit, ...objects)).toEqual([
      "admitted green",
      "admitted amber",
      "marking-narrower: it is TLP:RED, which goes to named parties only; name them",
    ]);
    expect((await judged({ ...unit, audience: ["ann", "bob"] }, ...objects))[2]).toBe("admitted red");
  });

  it("is nobody else for what was received as AMBER, or from nobody knows whom, unless an officer says it is own", async () => {
    const objects = [marked(1, "amber", THEIRS), marked(2, "amber"), indicator(3)];
    const why = "marking-narrower: it was received as TLP:AMBER, which does not go to other parties; ask its source";
    expect(await judged(unit, ...objects)).toEqual([why, why, "admitted "]);
    expect(await judged({ ...unit, isOwn: true }, ...objects)).toEqual([
      "admitted amber",
      "admitted amber",
      "admitted ",
    ]);
  });

  it("is nobody where a marking's definition is not there; it may come with the others", async () => {
    const definition = {
      type: "marking-definition",
      spec_version: "2.1",
      id: `marking-definition--${uuid(9)}`,
      created: "2020-01-01T00:00:00Z",
      definition_type: "statement",
      definition: { statement: "cite us" },
    };
    const object = { ...indicator(1), object_marking_refs: [definition.id] };
    expect((await judged(unit, object))[0]).toMatch("which is not known here");
    expect(await judged(unit, object, definition)).toEqual(["admitted ", "admitted "]);
  });
});

it("refuses each malformed object by itself", async () => {
  const large = { ...indicator(5), description: "x".repeat(8 << 20) };
  const told = await judged(unit, indicator(1), "{", undefined, { ...indicator(2), pattern: undefined }, large, {
    type: "bundle",
    id: `bundle--${uuid(1)}`,
  });
  expect(told[0]).toBe("admitted ");
  expect(told.slice(1).map((text) => text.split(":")[0])).toEqual([
    "not-an-object",
    "not-an-object",
    "not-an-object",
    "too-large",
    "not-an-object",
  ]);
});
