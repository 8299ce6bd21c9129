import { unwrap, utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import { HAS_PYTHON, python } from "../testing/python.ts";
import {
  type ContestPlan,
  expectedBatches,
  planAlpha,
  planBravo,
  planCobra,
  planMinerva,
  planSuperSimple,
} from "./plan-contest.ts";

const NO_ERRORS = { o1: 0, o2: 0, u1: 0, u2: 0 };
const plan = (over: Partial<ContestPlan> = {}): ContestPlan => ({
  cards: 10_000,
  winner: 6000,
  loser: 4000,
  limit: 0.05,
  rates: NO_ERRORS,
  runs: 60,
  seed: utf8("plan"),
  ...over,
});
const quiet = (): void => undefined;

it("without errors every comparison takes the size that is exact", () => {
  const cobra = unwrap(planCobra(plan({ rates: { ...NO_ERRORS, o2: 1e-9 } }), quiet));
  expect(cobra.flawless).toBeGreaterThan(20);
  const { flawless, mean } = planSuperSimple(plan());
  // ⌈−2γ·ln 0.05/0.2⌉
  expect([flawless, mean]).toEqual([32, 32]);
  // ⌈−2γ·ln 0.05/0.01⌉ = 623 draws.
  expect(planSuperSimple(plan({ cards: 100, winner: 50, loser: 49 }))).toMatchObject({ flawless: 100, mean: 100 });
});

it("errors that are expected make a sample larger, at most all cards, and a reported tie is no plan", () => {
  const rates = { o1: 0.002, o2: 0.001, u1: 0, u2: 0 };
  const wrong = unwrap(planCobra(plan({ rates }), quiet));
  expect(wrong.sizes.map(({ cards }) => cards)).toEqual(
    wrong.sizes.map(({ cards }) => cards).toSorted((a, b) => a - b),
  );
  expect(wrong.sizes.at(-1)?.cards).toBeGreaterThanOrEqual(wrong.flawless ?? 0);
  expect(planSuperSimple(plan({ rates })).mean).toBeGreaterThan(32);
  expect(planSuperSimple(plan({ rates: { ...NO_ERRORS, o2: 0.5 } })).mean).toBe(10_000);
  expect(planCobra(plan({ winner: 4000 }), quiet).ok).toBe(false);
});

it("polling takes what the papers say: BRAVO on average, a first round of Minerva", () => {
  const bravo = planBravo(plan({ limit: 0.1 }), quiet);
  // Lindeman, Stark, Yates 2012, table 1: 60 % of the votes, α = 0.1: 120 on average.
  expect(bravo.mean).toBeGreaterThan(115);
  expect(bravo.mean).toBeLessThan(125);
  expect(bravo.sizes[0]!.cards).toBeLessThan(bravo.mean!);
  const minerva = planMinerva(plan({ limit: 0.1, cards: 20_000 }));
  const half = planMinerva(plan({ limit: 0.1 }));
  // Half of the cards have a vote for one of the two.
  expect(minerva.sizes.map(({ cards }) => cards / 2)).toEqual(half.sizes.map(({ cards }) => cards));
  const alpha = planAlpha(plan({ runs: 20 }), quiet);
  expect(alpha.sizes[1]!.cards).toBeGreaterThan(50);
  expect(alpha.further[0]!.cards).toBeGreaterThan(0);
});

it.skipIf(!HAS_PYTHON)(
  "BRAVO's sizes are those of its exact distribution, also where cards have votes for neither",
  () => {
    // By Lindeman, Stark, Yates 2012, T = (2s)^w·(2(1 − s))^l with s the winner's share of the votes for the two.
    const script = `
from math import log
chances, alive, answer, sizes = 0.0, {0: 1.0}, [], given["sizes"]
w, l, s = given["winner"], given["loser"], given["winner"] / (given["winner"] + given["loser"])
for n in range(1, max(sizes) + 1):
    after = {}
    for won, p in alive.items():
        # The state is (votes won, votes lost): two whole numbers in one.
        for step, share in ((1, w), (100000, l), (0, 1 - w - l)):
            after[won + step] = after.get(won + step, 0.0) + p * share
    done = [k for k in after if (k % 100000) * log(2 * s) + (k // 100000) * log(2 * (1 - s)) >= log(1 / given["limit"])]
    chances += sum(after.pop(k) for k in done)
    alive = {k: p for k, p in after.items() if p > 1e-12}
    answer += [chances] * sizes.count(n)`;
    const runs = 300;
    const { sizes } = planBravo(plan({ limit: 0.1, winner: 3900, loser: 2100, runs }), quiet);
    const few = sizes.slice(0, 3);
    const given = { winner: 0.39, loser: 0.21, limit: 0.1, sizes: few.map(({ cards }) => cards) };
    const exact = python(script, given) as number[];
    few.forEach(({ chance }, i) => {
      expect(Math.abs(exact[i]! - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / runs));
    });
  },
);

it("plans for a handful of cards, each of which may be wrong", () => {
  const rates = { o1: 0.001, o2: 0.0001, u1: 0.001, u2: 0.0001 };
  expect(unwrap(planCobra(plan({ cards: 3, winner: 2, loser: 1, rates }), quiet)).sizes[0]?.cards).toBe(3);
});

it("tells how far simulations are, and repeats them", () => {
  let done = 0;
  const first = planAlpha(plan({ runs: 25 }), (runs) => (done += runs));
  expect(done).toBe(25);
  expect(planAlpha(plan({ runs: 25 }), quiet)).toEqual(first);
});

it.skipIf(!HAS_PYTHON)("batches to open are those of the hypergeometric distribution", () => {
  const cases = [
    { batches: [3, 5, 2, 40], sample: 4 },
    { batches: [10, 10, 10], sample: 30 },
    { batches: [7], sample: 1 },
    { batches: [1, 1, 500], sample: 100 },
  ];
  const script = `
from math import comb
answer = [float(sum(1 - Fraction(comb(sum(c["batches"]) - b, c["sample"]), comb(sum(c["batches"]), c["sample"])) for b in c["batches"])) for c in given]`;
  const expected = python(script, cases) as number[];
  cases.forEach(({ batches, sample }, i) => expect(expectedBatches(batches, sample)).toBeCloseTo(expected[i]!, 9));
});
