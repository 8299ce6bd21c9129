import { present, unwrap } from "@detente/basics";
import { loadConfig, type MatchPolicy, type MatchReport, saveConfig } from "@detente/station";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Ann lets Bob ask, and takes it back while no quorum is there, so that the record does not say so yet. */

const DAY = 86_400_000;
const POLICY: MatchPolicy = {
  partners: [
    { party: "bob", budget: 100 },
    { party: "cem", budget: 100 },
  ],
  pool: 200,
  interval: 1,
  exceptions: [{ partners: ["bob"], audience: ["ann", "cem"], tlp: "amber" }],
};

let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;
let share: string;
/** Ann's set, by its leaf hash. */
let set: string;
let policy = POLICY;
let epochs = 0;
let asked = 0;

beforeAll(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob", "cem", "dan"], seed: 94 });
  ann = unit.station("ann");
  bob = unit.station("bob");
  ({ leafHash: share } = await ann.share({
    audience: ["ann", "cem"],
    items: [{ kind: "domain", value: "evil.example" }],
  }));
});

afterAll(() => unit.close());

/** Each test has an epoch of its own. */
beforeEach(async () => {
  unit.network.mend();
  policy = { ...POLICY, pool: 200 + epochs++ };
  await follow(policy);
  await unit.until("ann's set is at bob's, and those before are taken back", async () => {
    const [open, ...others] = ann.fold.matchSets().filter(({ isWithdrawn }) => !isWithdrawn);
    const [copy] = (await report(bob)).partners;
    set = open?.hash ?? "";
    return open?.terms.pool === policy.pool && others.length === 0 && copy?.set === set && copy.isHere;
  });
  await unit.untilAgreed();
});

async function follow(match: MatchPolicy | undefined): Promise<void> {
  const { match: _, ...config } = unwrap(await loadConfig(ann.dir));
  await saveConfig(ann.dir, match === undefined ? config : { ...config, match });
  expect(await ann.api("POST", "/api/match/reload", {})).toMatchObject({ status: 200 });
}

/** Nothing takes effect any more: of the three others of each, two are a quorum. */
function part(): void {
  const others = ["cem", "dan"].map((name) => unit.station(name).host);
  unit.network.cut(others, [ann.host, bob.host]);
}

async function report(of: TestStation): Promise<MatchReport> {
  return (await of.api("GET", "/api/match")).body as unknown as MatchReport;
}

function lookUp(...names: readonly string[]): ReturnType<TestStation["api"]> {
  const indicators = names.map((value) => ({ kind: "domain", value }));
  return bob.api("POST", "/api/match/lookup", { partner: "ann", indicators });
}

/** What nobody has asked, so that Bob's station has to ask. */
function lookUpMore(count = 1): ReturnType<TestStation["api"]> {
  return lookUp(...Array.from({ length: count }, () => `q${asked++}.example`));
}

function isTakenBack(): boolean {
  return present(
    ann.fold.matchSets().find(({ hash }) => hash === set),
    "the set",
  ).isWithdrawn;
}

/** Kinds of what Ann has said of her set and no quorum has observed. */
function pending(): (string | undefined)[] {
  return ann.fold.pending(ann.origin, set).map(({ body }) => body?.kind);
}

const REFUSED = { status: 400, body: { code: "refused", detail: expect.stringContaining("no set that is open") } };
const ANSWERED = { status: 200, body: { charged: 1 } };

describe("from when it is taken back, though the record does not say so yet", () => {
  it("a partner that the settings do not name any more gets nothing, the others go on", async () => {
    part();
    expect(await lookUp("evil.example")).toMatchObject({ status: 200, body: { rows: [{ hit: { to: "bob" } }] } });
    await follow({ ...policy, partners: [{ party: "cem", budget: 100 }], exceptions: [] });
    expect(await lookUpMore()).toMatchObject(REFUSED);
    expect(isTakenBack()).toBe(false);
    await ann.restart();
    expect(await lookUpMore()).toMatchObject(REFUSED);
    await follow(undefined);
    expect(await lookUpMore()).toMatchObject(REFUSED);
  });

  it("what is asked is not charged beyond the budgets that the settings have now", async () => {
    part();
    expect(await lookUpMore(2)).toMatchObject({ body: { charged: 16 } });
    const [bobs, cems] = policy.partners as [MatchPolicy["partners"][number], MatchPolicy["partners"][number]];
    await follow({ ...policy, partners: [{ ...bobs, budget: 17 }, cems] });
    expect(await lookUpMore()).toMatchObject(ANSWERED);
    expect(await lookUpMore()).toMatchObject({ status: 400, body: { detail: expect.stringContaining("0 questions") } });
    await follow({ ...policy, pool: 17 });
    expect(await lookUpMore()).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("all partners") },
    });
  });

  it("what shares an officer closes to a partner is found no more", async () => {
    part();
    expect(await lookUpMore()).toMatchObject(ANSWERED);
    await follow({ ...policy, exceptions: [] });
    expect(await lookUp("evil.example")).toMatchObject(REFUSED);
    await ann.restart();
    expect(await lookUp("evil.example")).toMatchObject(REFUSED);
    unit.network.mend();
    await unit.until("the next set is at bob's", async () => {
      const [copy] = (await report(bob)).partners;
      return copy?.set !== set && copy?.isHere === true;
    });
    expect(await lookUp("evil.example")).toMatchObject({ status: 200, body: { rows: [{ hit: null }] } });
  });

  it("a set that an officer withdraws answers nobody", async () => {
    part();
    expect(await lookUpMore()).toMatchObject(ANSWERED);
    await ann.say("withdraw", [set]);
    await unit.until("it is refused", async () => (await lookUpMore()).status === 400);
    expect(await lookUpMore()).toMatchObject(REFUSED);
    expect(isTakenBack()).toBe(false);
  });

  it("one whose time is over answers until the next one is there", async () => {
    part();
    await unit.pass(31 * DAY);
    await unit.until("another one is opened, and this one withdrawn", () => pending().includes("withdraw"));
    expect(await lookUpMore()).toMatchObject(ANSWERED);
    // So long its secrets are in memory, and no longer.
    expect(ann.station.matching.answering.open).toEqual([set]);
    unit.network.mend();
    await unit.until("it is taken back", isTakenBack);
    expect(ann.station.matching.answering.open).toEqual([]);
  });

  it("an answer that was lost before is not held against who gave it", async () => {
    unit.network.setWeather({ dropResponse: 1 });
    expect(await lookUpMore()).toMatchObject({ status: 503 });
    unit.network.setWeather({});
    await follow(undefined);
    await unit.until("ann can be asked again", async () => (await lookUpMore()).status === 400);
    expect(await lookUpMore()).toMatchObject(REFUSED);
    await unit.until("the last total is on the record", () =>
      bob.fold.matchSets().some(({ hash, totals }) => hash === set && totals?.content.pooled === 1),
    );
    expect((await report(bob)).disputes).toEqual([]);
  });

  it("a share that was withdrawn is in no more editions", async () => {
    part();
    await ann.say("withdraw", [share]);
    await unit.pass(2000);
    await unit.until("another edition is said", () => pending().includes("match-edition"));
  });
});
