import { existsSync } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { type Json, unwrap } from "@detente/basics";
import { loadConfig, type MatchReport, type MeetingRow, saveConfig } from "@detente/station";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Seen, startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Ann and Bob learn once what both have on a list, and Cem reads along on the record. */

const HOUR = 3_600_000;
const ANNS = ["evil.example", "worse.example", "anns.example"];
const BOBS = ["bobs.example", "worse.example", "evil.example", "more.example"];

let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;
let cem: TestStation;

beforeAll(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob", "cem"], seed: 97 });
  [ann, bob, cem] = ["ann", "bob", "cem"].map((name) => unit.station(name)) as [TestStation, TestStation, TestStation];
});

afterAll(() => unit.close());

function domains(names: readonly string[]): Json {
  return names.map((value) => ({ kind: "domain", value }));
}

async function propose(names: readonly string[] = ANNS, change: Readonly<Record<string, Json>> = {}): Promise<string> {
  const until = unit.clock.now() + HOUR;
  const body = { with: "bob", purpose: "one intrusion or two", until, indicators: domains(names), ...change };
  const { status, body: answer } = await ann.api("POST", "/api/meetings/propose", body);
  expect([status, answer]).toMatchObject([200, {}]);
  return (answer as { meeting: string }).meeting;
}

function decide(at: TestStation, verb: string, meeting: string): ReturnType<TestStation["api"]> {
  return at.api("POST", `/api/meetings/${verb}`, { meeting });
}

function accept(meeting: string, names: readonly string[] = BOBS): ReturnType<TestStation["api"]> {
  return bob.api("POST", "/api/meetings/accept", { meeting, indicators: domains(names) });
}

async function row(at: TestStation, meeting: string): Promise<MeetingRow | undefined> {
  const { rows } = (await at.api("GET", "/api/meetings")).body as unknown as { rows: readonly MeetingRow[] };
  return rows.find((one) => one.meeting === meeting);
}

async function untilPhase(phase: MeetingRow["phase"], meeting: string): Promise<void> {
  await unit.until(`the meeting is ${phase} for all`, async () => {
    const rows = await Promise.all([ann, bob, cem].map((at) => row(at, meeting)));
    return rows.every((one) => one?.phase === phase);
  });
}

async function common(at: TestStation, meeting: string): Promise<readonly string[] | undefined> {
  const { status, body } = await at.api("GET", `/api/meetings/${meeting}/common`);
  if (status !== 200) return undefined;
  return (body as unknown as { rows: { value: string }[] }).rows.map(({ value }) => value).toSorted();
}

/** What of a meeting lies on a station's disk. */
async function onDisk(at: TestStation, meeting: string): Promise<readonly string[]> {
  return readdir(`${at.dir}/match/meet/open/${meeting}`).catch(() => []);
}

async function untilErased(meeting: string): Promise<void> {
  await unit.until("keys and messages are erased", async () => {
    const left = await Promise.all([ann, bob].map((at) => onDisk(at, meeting)));
    return left.flat().length === 0;
  });
}

describe("a meeting", () => {
  it("tells both how many items they share, by consent of both which, and the others that it took place", async () => {
    const sent: Seen[] = [];
    unit.network.tap((seen) => void (seen.request.url.includes("/meet/") && sent.push(seen)));
    const meeting = await propose();
    await untilPhase("proposed", meeting);
    expect(sent).toEqual([]);
    expect(await accept(meeting)).toMatchObject({ status: 200 });
    expect(await accept(meeting)).toMatchObject({ status: 409, body: { code: "conflict" } });
    await untilPhase("counted", meeting);
    // By the plain intersection of the two lists.
    const shared = ANNS.filter((name) => BOBS.includes(name)).toSorted();
    for (const at of [ann, bob, cem])
      expect(await row(at, meeting)).toMatchObject({
        fault: null,
        common: null,
        sides: [
          { party: "ann", size: 1024, count: shared.length },
          { party: "bob", size: 1024, count: shared.length },
        ],
      });
    const side = await stat(`${ann.dir}/match/meet/open/${meeting}/side.json`);
    expect(side.mode & 0o777).toBe(0o600);
    expect(await decide(ann, "reveal", meeting)).toMatchObject({ status: 200 });
    await unit.untilAgreed();
    expect(await row(bob, meeting)).toMatchObject({ phase: "counted", sides: [{ consent: "accept" }, {}] });
    expect([await common(ann, meeting), await common(bob, meeting)]).toEqual([undefined, undefined]);
    expect(await decide(bob, "reveal", meeting)).toMatchObject({ status: 200 });
    await untilPhase("over", meeting);
    expect([await common(ann, meeting), await common(bob, meeting)]).toEqual([shared, shared]);
    expect(await common(cem, meeting)).toBeUndefined();
    expect(await row(cem, meeting)).toMatchObject({ fault: null, sides: [{ outcome: "done" }, { outcome: "done" }] });
    await untilErased(meeting);
    expect(await decide(ann, "erase", meeting)).toMatchObject({ body: { erased: 2 } });
    expect(await common(ann, meeting)).toBeUndefined();
    expect(new Set(sent.map(({ from, to }) => `${from} ${to}`))).toEqual(
      new Set(["ann.test bob.test", "bob.test ann.test"]),
    );
  });

  it("stops at the number where an officer does not consent, and says so", async () => {
    const meeting = await propose();
    await untilPhase("proposed", meeting);
    await accept(meeting);
    await untilPhase("counted", meeting);
    await decide(ann, "reveal", meeting);
    expect(await decide(bob, "abort", meeting)).toMatchObject({ status: 200 });
    await untilPhase("over", meeting);
    await untilErased(meeting);
    expect(await row(cem, meeting)).toMatchObject({
      fault: null,
      sides: [
        { count: 2, outcome: "done" },
        { count: 2, consent: "deny", outcome: "done" },
      ],
    });
    expect([await common(ann, meeting), await common(bob, meeting)]).toEqual([undefined, undefined]);
    expect(await decide(ann, "reveal", meeting)).toMatchObject({ status: 409 });
    // It is over: what the record brings from now on starts no work in it.
    const path = `${ann.dir}/match/meet/open/${meeting}`;
    await unit.until("its directory is gone", async () => !existsSync(path));
    await mkdir(path);
    await ann.share({ items: [{ kind: "domain", value: "later.example" }] });
    await unit.untilAgreed();
    expect(await readdir(path)).toEqual([]);
    await rm(path, { recursive: true });
  });

  it("is nobody's fault where it is refused, taken back, or not answered in time", async () => {
    const [refused, taken, forgotten] = [await propose(), await propose(), await propose()];
    await untilPhase("proposed", forgotten);
    await decide(bob, "abort", refused);
    await decide(ann, "abort", taken);
    for (const meeting of [refused, taken]) await untilPhase("over", meeting);
    await unit.pass(HOUR);
    await untilPhase("over", forgotten);
    for (const meeting of [refused, taken, forgotten]) {
      expect(await row(cem, meeting)).toMatchObject({ fault: null });
      await untilErased(meeting);
    }
    expect(await accept(forgotten)).toMatchObject({ status: 409 });
  });

  it("goes on after both were stopped at any step, under the same keys", async () => {
    const meeting = await propose();
    await ann.restart();
    await untilPhase("proposed", meeting);
    await accept(meeting);
    await bob.restart();
    await unit.until("the first list is asked for", async () => (await row(bob, meeting))?.phase !== "proposed");
    await ann.restart();
    await untilPhase("counted", meeting);
    await unit.untilReady(ann, bob);
    for (const at of [ann, bob]) expect(await decide(at, "reveal", meeting)).toMatchObject({ status: 200 });
    await bob.restart();
    await ann.restart();
    await untilPhase("over", meeting);
    expect([await common(ann, meeting), await common(bob, meeting)]).toEqual([
      ["evil.example", "worse.example"],
      ["evil.example", "worse.example"],
    ]);
    // One statement of each kind from each: nothing was said a second time.
    for (const at of [ann, bob]) {
      const { size } = at.station.own.reader;
      const said = Array.from({ length: size }, (_, i) => cem.fold.statement(at.origin, i)?.body)
        .filter((body) => body?.of.includes(meeting))
        .map((body) => `${body?.kind} ${JSON.stringify(body?.content).slice(0, 20)}`);
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it("is charged to the budgets at the size that was committed to", async () => {
    const partners = [{ party: "bob", budget: 2047 }];
    await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match: { partners, pool: 5000 } });
    await ann.api("POST", "/api/match/reload", {});
    await unit.until("ann's set is at bob's", async () => {
      const { partners: sets } = (await bob.api("GET", "/api/match")).body as unknown as MatchReport;
      return sets[0]?.isHere === true;
    });
    const large = { with: "bob", purpose: "?", until: unit.clock.now() + HOUR, most: 2048, indicators: domains(ANNS) };
    expect(await ann.api("POST", "/api/meetings/propose", large)).toMatchObject({
      status: 400,
      body: { code: "budget-exhausted" },
    });
    // Of two at once the second one is too much, though the record does not have the first one yet.
    const [one, other] = await Promise.all(
      [1, 2].map(() => ann.api("POST", "/api/meetings/propose", { ...large, most: 1024 })),
    );
    expect([one?.status, other]).toMatchObject([200, { status: 400, body: { code: "budget-exhausted" } }]);
    const { meeting } = one!.body as { meeting: string };
    await untilPhase("proposed", meeting);
    const many = Array.from({ length: 1025 }, (_, i) => `host${i}.example`);
    expect(await accept(meeting, many)).toMatchObject({ status: 400, body: { code: "bad-list" } });
    await accept(meeting);
    await untilPhase("counted", meeting);
    // 1,023 are left: too few for another meeting, or for the largest request.
    const again = { ...large, most: 1024 };
    expect(await ann.api("POST", "/api/meetings/propose", again)).toMatchObject({ body: { code: "budget-exhausted" } });
    const lookup = { partner: "ann", indicators: domains(Array.from({ length: 257 }, (_, i) => `q${i}.example`)) };
    expect(await bob.api("POST", "/api/match/lookup", lookup)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("1023 questions are left") },
    });
  });
});
