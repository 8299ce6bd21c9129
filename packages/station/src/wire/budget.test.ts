import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type BudgetLimits, Budgets, type Entry, TokenBucket } from "./budget.ts";

const LIMITS: BudgetLimits = {
  requests: { perSecond: 1, burst: 3 },
  bytes: { perSecond: 100, burst: 1000 },
  statements: { perSecond: 10, burst: 50 },
  concurrent: 2,
};

function budgets(changes: Partial<BudgetLimits> = {}, maxPeers = 2): { clock: { now: number }; budgets: Budgets } {
  const clock = { now: 0 };
  return { clock, budgets: new Budgets({ ...LIMITS, ...changes }, { maxPeers, now: () => clock.now }) };
}

function leave(entry: Entry): void {
  if (!entry.allowed) throw new Error(`refused by ${entry.limit}`);
  entry.leave();
}

test("a burst of requests is allowed, then as many as the rate gives", () => {
  const { clock, budgets: b } = budgets();
  for (let i = 0; i < 3; i++) leave(b.enter("a"));
  expect(b.enter("a")).toEqual({ allowed: false, limit: "requests", retryAfterSeconds: 1 });
  clock.now = 999;
  expect(b.enter("a")).toMatchObject({ allowed: false });
  clock.now = 1000;
  leave(b.enter("a"));
  expect(b.enter("a")).toMatchObject({ allowed: false });
});

test("one peer's excess costs no other", () => {
  const { budgets: b } = budgets();
  for (let i = 0; i < 3; i++) leave(b.enter("a"));
  expect(b.enter("a")).toMatchObject({ allowed: false });
  leave(b.enter("b"));
});

test("bytes and statements have budgets of their own, and say how long to wait", () => {
  const { clock, budgets: b } = budgets();
  expect(b.spend("a", "bytes", 1000)).toEqual({ allowed: true });
  expect(b.spend("a", "bytes", 250)).toEqual({ allowed: false, limit: "bytes", retryAfterSeconds: 3 });
  expect(b.spend("a", "statements", 50)).toEqual({ allowed: true });
  expect(b.spend("a", "statements", 1)).toEqual({ allowed: false, limit: "statements", retryAfterSeconds: 1 });
  clock.now = 3000;
  expect(b.spend("a", "bytes", 250)).toEqual({ allowed: true });
});

test("more than the burst at once passes when nothing was used before, and is paid back", () => {
  const { clock, budgets: b } = budgets();
  expect(b.spend("a", "bytes", 3000)).toEqual({ allowed: true });
  expect(b.spend("a", "bytes", 1)).toEqual({ allowed: false, limit: "bytes", retryAfterSeconds: 21 });
  clock.now = 21_000;
  expect(b.spend("a", "bytes", 1)).toEqual({ allowed: true });
});

test("requests under way are counted until they leave, each once", () => {
  const { budgets: b } = budgets({ requests: { perSecond: 1, burst: 100 } });
  const first = b.enter("a");
  leave(b.enter("a"));
  const second = b.enter("a");
  expect(b.enter("a")).toEqual({ allowed: false, limit: "concurrent", retryAfterSeconds: 1 });
  leave(first);
  leave(first);
  const third = b.enter("a");
  expect(third.allowed).toBe(true);
  expect(b.enter("a")).toMatchObject({ allowed: false, limit: "concurrent" });
  leave(second);
  leave(third);
});

test("accounts are bounded: one at rest makes room, one in use or in debt does not", () => {
  const { clock, budgets: b } = budgets();
  const underWay = b.enter("a");
  b.spend("b", "bytes", 500);
  expect(b.enter("c")).toEqual({ allowed: false, limit: "peers", retryAfterSeconds: 1 });
  expect(b.spend("c", "bytes", 1)).toMatchObject({ allowed: false, limit: "peers" });
  clock.now = 5000;
  leave(b.enter("c"));
  expect(b.size).toBe(2);
  expect(b.enter("b")).toMatchObject({ allowed: false, limit: "peers" });
  leave(underWay);
});

test("a clock that is set back gives nothing, and takes nothing", () => {
  const bucket = new TokenBucket({ perSecond: 1, burst: 10 }, 100_000);
  expect(bucket.take(5, 100_000)).toBe(0);
  expect(bucket.take(6, 50_000)).toBe(1);
  expect(bucket.take(5, 50_000)).toBe(0);
  expect(bucket.take(1, 51_000)).toBe(0);
});

test("no limit can be had twice by coming under the same name again", () => {
  const { budgets: b } = budgets({}, 1);
  for (let i = 0; i < 3; i++) leave(b.enter("a"));
  expect(b.enter("b")).toMatchObject({ allowed: false, limit: "peers" });
  expect(b.enter("a")).toMatchObject({ allowed: false, limit: "requests" });
});

test("over any span no more passes than burst, rate and one take allow; and after the wait told it passes", () => {
  const step = fc.record({ amount: fc.integer({ min: 0, max: 30 }), elapsed: fc.integer({ min: -500, max: 3000 }) });
  const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 9 }), burst: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(rate, fc.array(step, { maxLength: 60 }), (limit, steps) => {
      const bucket = new TokenBucket(limit, 0);
      let [now, forward, taken] = [0, 0, 0];
      for (const { amount, elapsed } of steps) {
        now += elapsed;
        forward += Math.max(0, elapsed);
        const wait = bucket.take(amount, now);
        now += wait * 1000;
        forward += wait * 1000;
        expect(wait === 0 ? 0 : bucket.take(amount, now)).toBe(0);
        taken += amount;
        expect(taken).toBeLessThanOrEqual(limit.burst + (limit.perSecond * forward) / 1000 + 30 + 1e-6);
      }
    }),
  );
});
