import { describe, expect, it } from "vitest";
import * as fc from "fast-check";
import { pendingOf } from "./pending.ts";
import { countHit, openTally, sightingOf, type Tally, type WatchHit } from "./tally.ts";
import { policyOf, type WatchPolicy } from "./watched-source.ts";

const NOW = Date.UTC(2026, 10, 3, 18, 20);
const POLICY: WatchPolicy = { ...policyOf(undefined), release: "policy" };
const ITEM = { party: "ann", share: "5a".repeat(32), index: 3 };
const HIT = {
  time: NOW,
  class: "exact-field",
  from: ITEM,
  indicator: { kind: "domain", value: "evil.example" },
} as const;

function tallyOf(hits: readonly WatchHit[], policy = POLICY): Tally {
  const [first = HIT] = hits;
  const open = openTally("1", "dns", { ...first, from: ITEM }, policy, NOW);
  return hits.reduce((tally, hit) => countHit(tally, hit, policy, NOW), open);
}

describe("a tally", () => {
  it("has the window by the station's clock, the hits' first and last times, and their number by class", () => {
    const tally = tallyOf([HIT, { ...HIT, time: NOW - 5000, class: "url" }, { ...HIT, time: NOW - 9 }]);
    expect(tally).toMatchObject({
      ...ITEM,
      from: Date.UTC(2026, 10, 3, 18),
      until: Date.UTC(2026, 10, 3, 19),
      count: 3,
      first: NOW - 5000,
      last: NOW,
      classes: { "exact-field": 2, url: 1 },
    });
  });

  it("takes a line without a time, or from the future, to have happened when it was counted", () => {
    const tally = tallyOf([
      { ...HIT, time: null },
      { ...HIT, time: NOW + 1 },
    ]);
    expect([tally.first, tally.last]).toEqual([NOW, NOW]);
  });

  it("is noisy from the first hit too many on", () => {
    const noisy = { ...POLICY, noisy: 2 };
    expect(tallyOf([HIT, HIT], noisy).isNoisy).toBe(false);
    expect(tallyOf([HIT, HIT, HIT], noisy).isNoisy).toBe(true);
  });
});

describe("a sighting", () => {
  it("says whole quarters of an hour, outwards", () => {
    expect(sightingOf(tallyOf([{ ...HIT, time: NOW - 1 }]), POLICY.round)).toEqual({
      item: { index: 3 },
      count: 1,
      first: Date.UTC(2026, 10, 3, 18, 15),
      last: Date.UTC(2026, 10, 3, 18, 30),
      coverage: { from: Date.UTC(2026, 10, 3, 18), to: Date.UTC(2026, 10, 3, 19), source: "dns" },
    });
  });

  it("covers its hits and its window, in whole multiples, whatever the times", () => {
    const time = fc.option(fc.integer({ min: 0, max: 2 * NOW }));
    const span = fc.integer({ min: 1, max: 100_000_000 });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 20 }), span, span, (times, window, round) => {
        const tally = tallyOf(
          times.map((at) => ({ ...HIT, time: at })),
          { ...POLICY, window },
        );
        const { first, last, coverage } = sightingOf(tally, round);
        expect([first, last, coverage.from, coverage.to].map((at) => at % round)).toEqual([0, 0, 0, 0]);
        expect(first).toBeLessThanOrEqual(tally.first);
        expect(last).toBeGreaterThanOrEqual(tally.last);
        expect(coverage.from).toBeLessThanOrEqual(Math.min(first, tally.from));
        expect(coverage.to).toBeGreaterThanOrEqual(Math.max(last, tally.until));
        expect(coverage.to - tally.until).toBeLessThan(round);
      }),
      { numRuns: 200 },
    );
  });
});

describe("who lets it out", () => {
  const weak: WatchHit = { ...HIT, class: "embedded" };

  it.each([
    ["the policy, for strong hits", [HIT, HIT], POLICY, "policy"],
    ["an officer, for weak ones", [weak], POLICY, null],
    ["the policy, where it takes weak ones", [weak], { ...POLICY, minimum: "embedded" }, "policy"],
    ["an officer, where there are too many", [HIT, HIT], { ...POLICY, noisy: 1 }, null],
    ["an officer, unless the source says otherwise", [HIT], policyOf(undefined), null],
  ] as const)("is %s", (_, hits, policy, releasedBy) => {
    expect(pendingOf(tallyOf(hits, policy), policy).releasedBy).toBe(releasedBy);
  });

  it("is an officer, where the policy has become stricter since it was counted", () => {
    const counted = tallyOf([{ ...HIT, class: "subdomain" }]);
    expect(pendingOf(counted, { ...POLICY, minimum: "url" }).releasedBy).toBeNull();
  });
});
