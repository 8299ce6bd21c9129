import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";

const options = { baseMs: 1000, maxMs: 60_000, random: () => 0 };

test("waits twice as long after each failure in a row, up to the longest delay", () => {
  const backoff = new Backoff(options);
  const waits: number[] = [];
  let now = 0;
  for (let i = 0; i < 9; i++) {
    backoff.failed(now);
    waits.push(backoff.remaining(now));
    now += backoff.remaining(now);
    expect(backoff.remaining(now)).toBe(0);
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("begins anew after a success", () => {
  const backoff = new Backoff(options);
  backoff.failed(0);
  backoff.failed(1000);
  backoff.succeeded();
  backoff.failed(10_000);
  expect(backoff.remaining(10_000)).toBe(1000);
});

test("requests that failed together count once", () => {
  const backoff = new Backoff(options);
  for (let i = 0; i < 8; i++) backoff.failed(i);
  expect(backoff.remaining(7)).toBe(993);
});

test("does as it is told, up to the longest delay", () => {
  const backoff = new Backoff(options);
  backoff.toldToWait(0, 7000);
  expect(backoff.remaining(0)).toBe(7000);
  backoff.toldToWait(0, 1e12);
  expect(backoff.remaining(0)).toBe(60_000);
});

test("a clock that is set back ends the wait", () => {
  const backoff = new Backoff(options);
  backoff.failed(1_000_000);
  expect(backoff.remaining(999_999)).toBe(0);
});

test("every wait is between half and all of the doubled delay", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(random, { minLength: 1, maxLength: 80 }), (rolls) => {
      let next = 0;
      const backoff = new Backoff({ ...options, random: () => rolls[next++] as number });
      let now = 0;
      for (let i = 0; i < rolls.length; i++) {
        backoff.failed(now);
        const ceiling = Math.min(60_000, 1000 * 2 ** i);
        expect(backoff.remaining(now)).toBeGreaterThanOrEqual(ceiling / 2);
        expect(backoff.remaining(now)).toBeLessThanOrEqual(ceiling);
        now += backoff.remaining(now);
      }
    }),
  );
});
