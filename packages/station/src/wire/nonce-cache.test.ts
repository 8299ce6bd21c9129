import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NonceCache } from "./nonce-cache.ts";

test("forgets a nonce only when its signature is no longer good", () => {
  const cache = new NonceCache({ perPeer: 10, since: 0 });
  expect(cache.use("a", "n", 1000, 1000)).toBe("fresh");
  expect(cache.use("a", "n", 1000, 1300)).toBe("seen");
  expect(cache.use("a", "n", 1000, 1301)).toBe("stale");
});

test("a request captured before a restart is refused after it", () => {
  const restarted = new NonceCache({ perPeer: 10, since: 1100 });
  expect(restarted.use("a", "old", 1099, 1101)).toBe("stale");
  expect(restarted.use("a", "new", 1100, 1101)).toBe("fresh");
});

test("a clock that is set back lets nothing in again", () => {
  const cache = new NonceCache({ perPeer: 10, since: 0 });
  expect(cache.use("a", "n", 1000, 1000)).toBe("fresh");
  expect(cache.use("a", "m", 1400, 1400)).toBe("fresh");
  expect(cache.use("a", "n", 1000, 1000)).toBe("stale");
});

test("a full share refuses that peer alone, and forgets nothing", () => {
  const cache = new NonceCache({ perPeer: 2, since: 0 });
  cache.use("a", "1", 1000, 1000);
  cache.use("a", "2", 1000, 1000);
  expect(cache.use("a", "3", 1000, 1000)).toBe("full");
  expect(cache.use("a", "1", 1000, 1000)).toBe("seen");
  expect(cache.use("b", "3", 1000, 1000)).toBe("fresh");
  expect(cache.use("a", "3", 1301, 1301)).toBe("fresh");
});

test("whatever the clocks do, no nonce of one signing time is fresh twice", () => {
  const step = fc.record({
    nonce: fc.integer({ min: 0, max: 5 }),
    created: fc.integer({ min: 0, max: 8 }).map((n) => n * 100),
    now: fc.integer({ min: 0, max: 16 }).map((n) => n * 100),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const cache = new NonceCache({ perPeer: 3, since: 0 });
      const accepted = new Set<string>();
      for (const { nonce, created, now } of steps) {
        const signature = `${nonce}@${created}`;
        const verdict = cache.use("a", String(nonce), created, now);
        if (verdict !== "fresh") continue;
        expect(accepted.has(signature)).toBe(false);
        accepted.add(signature);
      }
    }),
  );
});
