import { type Json, unwrap } from "@detente/basics";
import { loadConfig, type Lookup, type MatchPolicy, type MatchReport, saveConfig } from "@detente/station";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { domainOf, stixObject } from "../../test/stix-objects.ts";
import { startTestUnit, type TestStation, type TestUnit } from "../index.ts";

/* Ann lets Bob and Cem ask blindly for what she knows. */

const DAY = 86_400_000;
const EVIL: Json = { kind: "domain", value: "evil.example", confidence: 80, labels: ["phishing"] };

let unit: TestUnit;
let ann: TestStation;
let bob: TestStation;

beforeEach(async () => {
  unit = await startTestUnit({ parties: ["ann", "bob", "cem"], seed: 99 });
  ann = unit.station("ann");
  bob = unit.station("bob");
});

afterEach(() => unit.close());

async function publish(change: Partial<MatchPolicy> = {}): Promise<void> {
  const partners = [
    { party: "bob", budget: 100 },
    { party: "cem", budget: 100 },
  ];
  const exceptions: MatchPolicy["exceptions"] = [{ partners: ["bob"], audience: ["ann", "cem"], tlp: "amber" }];
  const match: MatchPolicy = { partners, pool: 120, interval: 1, exceptions, ...change };
  await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match });
  expect(await ann.api("POST", "/api/match/reload", {})).toMatchObject({ status: 200 });
}

async function report(of: TestStation): Promise<MatchReport> {
  return (await of.api("GET", "/api/match")).body as unknown as MatchReport;
}

async function untilHere(at: TestStation, sequence = 0): Promise<void> {
  await unit.until(`edition ${sequence} of ann's set is at ${at.name}`, async () => {
    const [set] = (await report(at)).partners;
    return set?.isHere === true && set.sequence >= sequence;
  });
}

async function untilEpoch(epoch: number): Promise<void> {
  await unit.until(`ann's epoch ${epoch} is at bob's`, async () => {
    const [set] = (await report(bob)).partners;
    return set?.epoch === epoch && set.isHere;
  });
}

async function lookUp(at: TestStation, ...names: readonly string[]): Promise<Lookup> {
  const indicators = names.map((value) => ({ kind: "domain", value }));
  const { status, body } = await at.api("POST", "/api/match/lookup", { partner: "ann", indicators });
  expect([status, body]).toMatchObject([200, {}]);
  return body as unknown as Lookup;
}

describe("a blind look-up", () => {
  it("finds what the partner has shared with somebody else and lets it find, tells it nothing, and pays once", async () => {
    const { leafHash } = await ann.share({ audience: ["ann", "cem"], items: [EVIL] });
    await publish();
    await untilHere(bob);
    const found = await lookUp(bob, "evil.example", "good.example");
    expect(found).toEqual({
      rows: [
        {
          kind: "domain",
          value: "evil.example",
          hit: { to: "bob", share: leafHash, index: 0, confidence: 80, labels: ["phishing"] },
        },
        { kind: "domain", value: "good.example", hit: null },
      ],
      charged: 16,
      spent: 16,
      budget: 100,
    });
    // What was asked is known: nobody is asked again.
    expect(await lookUp(bob, "good.example")).toMatchObject({ charged: 0, spent: 16 });
    expect((await report(ann)).own).toMatchObject({
      pooled: 16,
      partners: [{ party: "bob", spent: 16 }, { spent: 0 }],
    });
    // An answer that is lost on the way is had by the same request, after a crash too, and paid for once.
    unit.network.setWeather({ dropResponse: 1 });
    const indicators = [{ kind: "domain", value: "sub.evil.example" }];
    const lost = await bob.api("POST", "/api/match/lookup", { partner: "ann", indicators });
    expect(lost).toMatchObject({ status: 503, body: { code: "unreachable" } });
    expect((await report(ann)).own).toMatchObject({ pooled: 17 });
    unit.network.setWeather({});
    await bob.restart();
    await untilHere(bob);
    expect(await lookUp(bob, "sub.evil.example")).toMatchObject({ charged: 0, spent: 17, rows: [{ hit: null }] });
    expect((await report(ann)).own).toMatchObject({ pooled: 17 });
    await unit.pass(DAY);
    await unit.until("the total is on the record", () => {
      const [set] = bob.fold.matchSets();
      return set?.totals?.content.pooled === 17;
    });
    expect(bob.fold.matchSets()[0]?.totals?.content.partners).toMatchObject([{ party: "bob", spent: 17 }]);
  });

  it("follows the set by small steps, and across restarts of both", async () => {
    await ann.share({ audience: ["ann", "cem"], items: [EVIL] });
    await publish();
    await untilHere(bob);
    expect((await lookUp(bob, "worse.example")).rows).toMatchObject([{ hit: null }]);
    const paths: string[] = [];
    unit.network.tap(({ from, request }) => {
      if (from === bob.host) paths.push(new URL(request.url).pathname.replace(/.*\//, ""));
    });
    await ann.share({ audience: ["ann", "cem"], items: [{ kind: "domain", value: "worse.example" }] });
    await unit.pass(2000);
    await untilHere(bob, 1);
    expect(paths.filter((path) => ["tags", "labels", "delta", "new-labels"].includes(path))).toEqual([
      "delta",
      "new-labels",
    ]);
    // It was asked before it was in the set.
    expect(await lookUp(bob, "worse.example")).toMatchObject({ charged: 0, rows: [{ hit: { to: "bob", index: 0 } }] });
    await ann.restart();
    await bob.restart();
    await untilHere(bob, 1);
    expect(await lookUp(bob, "worse.example", "evil.example", "other.example")).toMatchObject({
      charged: 16,
      spent: 17,
      rows: [{ hit: {} }, { hit: {} }, { hit: null }],
    });
    expect(bob.fold.matchSets()).toHaveLength(1);
  });

  it("finds nothing of what was shared with others alone, unless an officer has named it", async () => {
    const { leafHash: secret } = await ann.share({
      audience: ["ann", "cem"],
      items: [EVIL, { kind: "domain", value: "both.example" }],
    });
    const { leafHash: open } = await ann.share({ items: [{ kind: "domain", value: "both.example", confidence: 5 }] });
    const objects = [stixObject("indicator", 1)];
    unwrap(
      await ann.station.speaker.shareObjects({ title: "objects", tlp: "amber", audience: ["ann", "cem"], objects }),
    );
    await publish({ exceptions: [] });
    const names = ["evil.example", "both.example", domainOf(1)];
    await untilHere(bob);
    await untilHere(unit.station("cem"));
    // Of what both know, Bob's label names the share that is his, and nothing of the other.
    const nothing = [{ hit: null }, { hit: { to: "bob", share: open, index: 0, confidence: 5 } }, { hit: null }];
    const first = await lookUp(bob, ...names);
    expect(first.rows).toMatchObject(nothing);
    expect(first.rows[1]?.hit).toEqual({ to: "bob", share: open, index: 0, confidence: 5 });
    const cems = await lookUp(unit.station("cem"), ...names);
    expect(cems.rows).toMatchObject([{ hit: { share: secret } }, { hit: { to: "cem" } }, { hit: { to: "cem" } }]);
    // What an officer opens, and takes back, begins another epoch: no edition of before answers for it.
    await publish({ exceptions: [{ partners: ["bob"], share: secret }] });
    await untilEpoch(2);
    expect((await lookUp(bob, ...names)).rows).toMatchObject([{ hit: { share: secret } }, { hit: {} }, { hit: null }]);
    await publish({ exceptions: [] });
    await untilEpoch(3);
    expect((await lookUp(bob, ...names)).rows).toMatchObject(nothing);
  });

  it("takes back every set that was opened, also those that never had an edition", async () => {
    const files = ["missing.csv"];
    for (const pool of [120, 121]) {
      await publish({ files, pool });
      await unit.until(`a set with a pool of ${pool} is open`, async () => (await report(ann)).own?.pool === pool);
    }
    const { match: _, ...config } = unwrap(await loadConfig(ann.dir));
    await saveConfig(ann.dir, config);
    expect(await ann.api("POST", "/api/match/reload", {})).toMatchObject({ status: 200 });
    await unit.until("no set of ann is open", async () => (await report(ann)).own === null);
  });

  it("ends with the epoch: another key, another budget, and the old set is taken back", async () => {
    await ann.share({ items: [EVIL] });
    await publish({ epochDays: 2 });
    await untilHere(bob);
    await lookUp(bob, "evil.example");
    const before = (await report(bob)).partners[0];
    await unit.pass(2 * DAY);
    await untilEpoch(2);
    const [old, now] = bob.fold.matchSets();
    await unit.until("the old set is taken back", () => bob.fold.matchSets()[0]?.isWithdrawn === true);
    expect([old?.hash, old?.terms.epoch, now?.terms.epoch]).toEqual([before?.set, 1, 2]);
    expect(now?.terms.key).not.toBe(old?.terms.key);
    await unit.until("its last totals are said", () => bob.fold.matchSets()[0]?.totals?.content.pooled === 1);
    expect(await lookUp(bob, "evil.example")).toMatchObject({ charged: 1, spent: 1, rows: [{ hit: { index: 0 } }] });
    // Without a policy nothing is open.
    await saveConfig(ann.dir, { ...unwrap(await loadConfig(ann.dir)), match: undefined } as never);
    await ann.api("POST", "/api/match/reload", {});
    await unit.until("nothing is open", () => bob.fold.matchSets().every(({ isWithdrawn }) => isWithdrawn));
    expect((await report(bob)).partners).toEqual([]);
  });
});
