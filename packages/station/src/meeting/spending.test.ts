import type { MeetingReport, MeetingSide } from "@detente/unit";
import { describe, expect, it } from "vitest";
import { type Grant, meetingSpending } from "./spending.ts";

/* What is expected is what docs/matching.md says of budgets: Ann is the party. */

const NOBODY: ReadonlyMap<string, Grant> = new Map();
const SET = 10;

function side(party: string, change: Partial<MeetingSide> = {}): MeetingSide {
  const silent = { list: undefined, counted: undefined, contents: undefined, count: undefined, consent: undefined };
  return { party, ...silent, isOut: false, end: undefined, endedAt: Number.NaN, ...change };
}

function list(index: number, count: number): Pick<MeetingSide, "list"> {
  return { list: { index, content: { key: "", count, digest: "" } } };
}

const ENDED: Pick<MeetingSide, "end"> = { end: { index: 30, content: { outcome: "over" } } };

/** Proposed by Ann to Bob, with room for 4,096. */
function proposed(ann: Partial<MeetingSide>, bob: Partial<MeetingSide>): MeetingReport {
  return meeting("ann", "bob", side("ann", { ...list(20, 1024), ...ann }), side("bob", bob));
}

/** Proposed by Bob to Ann, with a list of 2,048. */
function answered(ann: Partial<MeetingSide>, bob: Partial<MeetingSide> = {}): MeetingReport {
  return meeting("bob", "ann", side("bob", { ...list(3, 2048), ...bob }), side("ann", ann));
}

function meeting(by: string, partner: string, first: MeetingSide, second: MeetingSide): MeetingReport {
  const terms = { suite: "ristretto255-SHA512", by, with: partner, purpose: "?", until: 0, most: 4096 } as const;
  const content = { key: "", count: 0, digest: "" };
  return { hash: "aa", log: by, index: 0, terms: { ...terms, list: content }, by: first, with: second };
}

function spent(
  meetings: readonly MeetingReport[],
  entered: ReadonlyMap<string, Grant> = NOBODY,
  underWay: readonly Grant[] = [],
): number {
  const spending = meetingSpending(meetings, "ann", { entered, underWay }, SET);
  expect(spending.all).toBe(spending.of("bob"));
  expect(spending.of("cem")).toBe(0);
  return spending.all;
}

const ENTERED: ReadonlyMap<string, Grant> = new Map([["aa", { partner: "bob", count: 4096 }]]);

describe("a meeting takes from the budgets", () => {
  it("as much while its list is made, when it is put down, and when the record has it", () => {
    const grant = { partner: "bob", count: 2048 };
    const entered = new Map([["aa", grant]]);
    expect(spent([answered({})], NOBODY, [grant])).toBe(2048);
    expect(spent([answered({})], entered)).toBe(2048);
    expect(spent([answered(list(20, 1024))], entered)).toBe(2048);
    expect(spent([answered(list(20, 1024))])).toBe(2048);
    // Of two that are made at once both count.
    expect(spent([answered({})], entered, [grant, grant])).toBe(6144);
  });

  it("what it would admit until it is answered, and then what it was answered with", () => {
    expect(spent([], ENTERED)).toBe(4096);
    expect(spent([proposed({}, {})], ENTERED)).toBe(4096);
    expect(spent([proposed({}, {})])).toBe(4096);
    expect(spent([proposed({}, list(5, 1024))], ENTERED)).toBe(1024);
    expect(spent([proposed(ENDED, list(5, 1024))], ENTERED)).toBe(1024);
  });

  it("until this party has ended it: what the other takes back, or an officer, may be said otherwise again", () => {
    expect(spent([proposed({ isOut: true }, {})], ENTERED)).toBe(4096);
    expect(spent([proposed({}, { isOut: true })], ENTERED)).toBe(4096);
    expect(spent([proposed(ENDED, { isOut: true })], ENTERED)).toBe(0);
    expect(spent([answered({ isOut: true })], ENTERED)).toBe(4096);
    // It ended before its list was said, so that is never said.
    expect(spent([answered(ENDED)], ENTERED)).toBe(0);
  });

  it("of the epoch in which this party entered it", () => {
    expect(spent([answered(list(SET - 1, 1024))])).toBe(0);
    expect(spent([answered(list(SET, 1024))])).toBe(2048);
    expect(spent([answered({}, {})])).toBe(0);
    const others = meeting("bob", "cem", side("bob", list(20, 1024)), side("cem", list(20, 1024)));
    expect(spent([others])).toBe(0);
  });
});
