import { mkdir, rm } from "node:fs/promises";
import { type Json, present, unwrap } from "@detente/basics";
import { loadConfig, type MatchReport, type MeetingRow, saveConfig } from "@detente/station";
import type { MeetingReport } from "@detente/unit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Ann grants Bob what lists and look-ups take, while the others are away, so that nothing of it takes effect on the record. */

const HOUR = 3_600_000;
/** One list of the least class, and 76 questions beside it. */
const BUDGET = 1100;

let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;
let epoch = 0;
let asked = 0;

beforeAll(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob", "cem", "dan"], seed: 95 });
  ann = unit.station("ann");
  bob = unit.station("bob");
});

afterAll(() => unit.close());

/** Each test has an epoch of its own, and so all of the budget. */
beforeEach(async () => {
  unit.network.mend();
  epoch += 1;
  const match = { partners: [{ party: "bob", budget: BUDGET }], pool: 5000 + epoch };
  await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match });
  await ann.api("POST", "/api/match/reload", {});
  await unit.until("ann's set is at bob's, the one before taken back", async () => {
    const { partners } = (await bob.api("GET", "/api/match")).body as unknown as MatchReport;
    const open = ann.fold.matchSets().filter(({ isWithdrawn }) => !isWithdrawn);
    return partners[0]?.epoch === epoch && partners[0].isHere && open.length === 1;
  });
  await unit.untilAgreed();
});

/** Nothing takes effect any more: of the three others of each, two are a quorum. */
function part(): void {
  const others = ["cem", "dan"].map((name) => unit.station(name).host);
  unit.network.cut(others, [ann.host, bob.host]);
}

function domains(...names: readonly string[]): Json {
  return names.map((value) => ({ kind: "domain", value }));
}

function tryToPropose(by: TestStation, to: TestStation): ReturnType<TestStation["api"]> {
  const about = { with: to.name, purpose: "?", until: unit.clock.now() + HOUR, indicators: domains("evil.example") };
  return by.api("POST", "/api/meetings/propose", about);
}

async function propose(by: TestStation, to: TestStation): Promise<string> {
  const { body } = await tryToPropose(by, to);
  const { meeting } = body as { meeting: string };
  await unit.untilEffective(meeting);
  return meeting;
}

function accept(at: TestStation, meeting: string): ReturnType<TestStation["api"]> {
  return at.api("POST", "/api/meetings/accept", { meeting, indicators: domains("evil.example") });
}

function decide(at: TestStation, verb: string, meeting: string): ReturnType<TestStation["api"]> {
  return at.api("POST", `/api/meetings/${verb}`, { meeting });
}

/** What Bob's station says to so many questions that nobody has asked. */
function lookUp(count: number): ReturnType<TestStation["api"]> {
  const names = Array.from({ length: count }, () => `q${asked++}.example`);
  return bob.api("POST", "/api/match/lookup", { partner: "ann", indicators: domains(...names) });
}

async function phase(meeting: string): Promise<MeetingRow["phase"] | undefined> {
  const { rows } = (await ann.api("GET", "/api/meetings")).body as unknown as { rows: readonly MeetingRow[] };
  return rows.find((one) => one.meeting === meeting)?.phase;
}

/** A thousand questions are too many: how many are left Bob's station is told. */
async function expectLeft(left: number): Promise<void> {
  expect(await lookUp(257)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining(`${left} questions are left`) },
  });
}

const EXHAUSTED = { status: 400, body: { code: "budget-exhausted" } };

describe("what is granted while no quorum is there", () => {
  it("in a meeting that was accepted is granted to no other meeting and no look-up, after a restart too", async () => {
    const [first, second] = [await propose(bob, ann), await propose(bob, ann)];
    part();
    expect(await accept(ann, first)).toMatchObject({ status: 200 });
    expect(await accept(ann, second)).toMatchObject(EXHAUSTED);
    expect(await tryToPropose(ann, bob)).toMatchObject(EXHAUSTED);
    await expectLeft(76);
    await ann.restart();
    await expectLeft(76);
    expect(await accept(ann, second)).toMatchObject(EXHAUSTED);
    // What is left is granted, once.
    expect(await lookUp(2)).toMatchObject({ status: 200, body: { spent: 16 } });
    expect(await phase(first)).toBe("proposed");
    unit.network.mend();
    await unit.until("both have counted", async () => (await phase(first)) === "counted");
    await expectLeft(60);
    expect(await accept(ann, second)).toMatchObject(EXHAUSTED);
  });

  it("in a proposal is granted to no other, nor to look-ups, until this party's own end is in effect", async () => {
    part();
    const both = await Promise.all([tryToPropose(ann, bob), tryToPropose(ann, bob)]);
    expect(both).toMatchObject([{ status: 200 }, EXHAUSTED]);
    await expectLeft(76);
    await ann.restart();
    await expectLeft(76);
    unit.network.mend();
    await unit.untilAgreed();
    const proposal = (): MeetingReport | undefined => ann.fold.meetings().findLast(({ terms }) => terms.by === "ann");
    const { hash } = present(proposal(), "the proposal");
    await decide(bob, "abort", hash);
    await unit.until("ann has ended it", () => proposal()?.by.end !== undefined);
    expect(await lookUp(257)).toMatchObject({ status: 200, body: { spent: 1024 } });
  });

  it("while a list is being made goes to whoever was first, and to nobody twice", async () => {
    const meeting = await propose(bob, ann);
    part();
    const both = await Promise.all([accept(ann, meeting), lookUp(257)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 400]));
  });

  it("is given back where nothing was entered", async () => {
    const meeting = await propose(bob, ann);
    const blocked = `${ann.dir}/match/meet/open/${meeting}/list.tmp`;
    await mkdir(blocked, { recursive: true });
    expect(await accept(ann, meeting)).toMatchObject({ status: 503 });
    await rm(blocked, { recursive: true });
    expect(await accept(ann, meeting)).toMatchObject({ status: 200 });
    await expectLeft(76);
  });
});
