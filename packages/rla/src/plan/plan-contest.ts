import { assert, type Bytes, concatBytes, ok, type Result, utf8 } from "@detente/basics";
import { pluralityAssorter } from "../assorter/plurality.ts";
import { comparison } from "../comparison/comparison.ts";
import { fixedAlternative, truncatedShrinkage } from "../test/bets.ts";
import { type ErrorRates, optimalBet } from "../test/cobra.ts";
import { superSimpleSize, USUAL_GAMMA } from "../test/super-simple.ts";
import { bravoMeanSize, firstRoundVotes } from "./polling-size.ts";
import { expectedValues, flawlessSize, type SamplePlan, simulatedSizes, sizeQuantile } from "./sample-size.ts";

/** The closest pair of a contest: the winner with the fewest votes and the loser with the most. */
export interface ContestPlan {
  /** Cards that are drawn from; an upper bound that does not come from the voting system. */
  readonly cards: number;
  readonly winner: number;
  readonly loser: number;
  /** The risk limit α. */
  readonly limit: number;
  /** How often records are expected to be wrong. */
  readonly rates: ErrorRates;
  /** Simulated audits for each test that has no formula. */
  readonly runs: number;
  /** Makes them repeatable. */
  readonly seed: Bytes;
}

export type PlannedTest = "cobra" | "super-simple" | "alpha" | "bravo" | "minerva";

/** How many cards a test needs, if the report is right. */
export interface PlannedSize {
  readonly test: PlannedTest;
  /** Cards until the limit is met if no record is wrong; exact. Undefined for polling, where no card alone says much. */
  readonly flawless: number | undefined;
  /** On average. Undefined where only a size for each chance is known. */
  readonly mean: number | undefined;
  /** Sizes that suffice with these chances; `isExact` where a formula gives them, else they are simulated. */
  readonly sizes: readonly { readonly chance: number; readonly cards: number }[];
  readonly isExact: boolean;
  /** Cards still to be drawn on average after a first round of the size of each chance, where it does not suffice. */
  readonly further: readonly { readonly chance: number; readonly cards: number }[];
}

const CHANCES = [0.5, 0.8, 0.9, 0.99];

/** Cards of a comparison audit by betting (COBRA), without replacement. */
export function planCobra({ rates, ...plan }: ContestPlan, done: (runs: number) => void): Result<PlannedSize> {
  const compared = comparison(pairAssorter(), { units: plan.winner - plan.loser + plan.cards, cards: plan.cards });
  if (!compared.ok) return compared;
  const sample: SamplePlan = {
    expected: expectedValues(compared.value, rates, plan.cards),
    bound: compared.value.bound,
    withReplacement: false,
    bet: () => optimalBet(compared.value, rates),
    limit: plan.limit,
  };
  return ok({ test: "cobra", flawless: flawlessSize(sample), ...simulated(sample, plan, done) });
}

/**
 * Cards of a comparison audit by Kaplan–Markov with γ = 1.03905, which Colorado and Arlo use: a formula throughout. Where it
 * asks for more draws than there are cards, all are counted.
 */
export function planSuperSimple({ cards, winner, loser, limit, rates }: ContestPlan): PlannedSize {
  const test = { dilutedMargin: (winner - loser) / cards, gamma: USUAL_GAMMA };
  const flawless = Math.min(cards, superSimpleSize(test, limit, { o1: 0, o2: 0, u1: 0, u2: 0 }));
  // The errors that are expected in a sample make it larger, until it has no more of them.
  let mean = flawless;
  for (let before = 0; mean !== before && mean < cards;) {
    before = mean;
    const count = (rate: number): number => Math.ceil(rate * before);
    const found = {
      o1: count(rates.o1),
      o2: count(rates.o2),
      u1: Math.floor(rates.u1 * before),
      u2: Math.floor(rates.u2 * before),
    };
    mean = Math.max(before, superSimpleSize(test, limit, found));
  }
  return { test: "super-simple", flawless, mean: Math.min(cards, mean), sizes: [], isExact: true, further: [] };
}

/** Cards of a polling audit by ALPHA with truncated shrinkage, without replacement. */
export function planAlpha(plan: ContestPlan, done: (runs: number) => void): PlannedSize {
  const sample = polled(plan, false, () => {
    const reported = (plan.winner - plan.loser) / plan.cards / 2 + 1 / 2;
    return truncatedShrinkage({ reported, weight: 100, clearance: (reported - 1 / 2) / 2 });
  });
  return { test: "alpha", flawless: undefined, ...simulated(sample, plan, done) };
}

/** Cards of a polling audit by BRAVO, with replacement; on average by Wald's approximation. */
export function planBravo(plan: ContestPlan, done: (runs: number) => void): PlannedSize {
  const { cards, winner, loser, limit } = plan;
  // A card with a vote for neither leaves T as it is: the alternative is the winner's share of the votes for the two.
  const sample = polled(plan, true, () => fixedAlternative(winner / (winner + loser)));
  const mean =
    loser === 0 ? undefined : Math.min(cards, Math.ceil(bravoMeanSize(limit, winner / cards, loser / cards)));
  return { test: "bravo", flawless: undefined, ...simulated(sample, plan, done), mean };
}

/** Cards of a first round of Minerva, exactly; as many as hold the votes that it needs on average. */
export function planMinerva({ cards, winner, loser, limit }: ContestPlan): PlannedSize {
  const share = winner / (winner + loser);
  const sizes = CHANCES.flatMap((chance) => {
    const votes = share >= 1 ? undefined : firstRoundVotes({ share, limit }, chance);
    return votes === undefined
      ? []
      : [{ chance, cards: Math.min(cards, Math.ceil((votes * cards) / (winner + loser))) }];
  });
  return { test: "minerva", flawless: undefined, mean: undefined, sizes, isExact: true, further: [] };
}

function pairAssorter(): ReturnType<typeof pluralityAssorter> {
  return pluralityAssorter({ winner: 0, loser: 1, marks: 1 });
}

function polled(
  { cards, winner, loser, limit }: ContestPlan,
  withReplacement: boolean,
  bet: SamplePlan["bet"],
): SamplePlan {
  assert(winner > loser && winner + loser <= cards, "a winner, and at most a vote for each card");
  const expected = [
    { value: 1, cards: winner },
    { value: 0, cards: loser },
    { value: 1 / 2, cards: cards - winner - loser },
  ];
  return { expected, bound: 1, withReplacement, bet, limit };
}

/** Runs that are simulated between two reports of progress. */
const AT_ONCE = 10;

function simulated(
  sample: SamplePlan,
  { runs, seed }: Pick<ContestPlan, "runs" | "seed">,
  done: (runs: number) => void,
): Pick<PlannedSize, "mean" | "sizes" | "isExact" | "further"> {
  const sizes = new Uint32Array(runs);
  for (let at = 0; at < runs; at += AT_ONCE) {
    const count = Math.min(AT_ONCE, runs - at);
    sizes.set(simulatedSizes(sample, concatBytes(seed, utf8(` ${at}`)), count), at);
    done(count);
  }
  sizes.sort();
  const at = CHANCES.map((chance) => ({ chance, cards: sizeQuantile(sizes, chance) }));
  return {
    mean: Math.ceil(meanOf(sizes)),
    sizes: at,
    isExact: false,
    further: at.map(({ chance, cards }) => {
      const longer = sizes.filter((size) => size > cards).map((size) => size - cards);
      return { chance, cards: longer.length === 0 ? 0 : Math.ceil(meanOf(longer)) };
    }),
  };
}

function meanOf(sizes: Uint32Array): number {
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}

/**
 * How many batches have to be opened on average for so many cards that are drawn without replacement: each is, unless all
 * cards come from the others, Σ 1 − C(N − c, n)/C(N, n).
 */
export function expectedBatches(batches: readonly number[], sample: number): number {
  const cards = batches.reduce((sum, count) => sum + count, 0);
  const drawn = Math.min(sample, cards);
  const missed = new Map<number, number>();
  const chanceMissed = (count: number): number => {
    let chance = 1;
    // C(N − c, n)/C(N, n) = Π (N − n − i)/(N − i), as many factors as the batch has cards.
    for (let i = 0; i < count && chance > 0; i++) chance *= (cards - drawn - i) / (cards - i);
    return Math.max(0, chance);
  };
  return batches.reduce((sum, count) => {
    const known = missed.get(count) ?? chanceMissed(count);
    missed.set(count, known);
    return sum + 1 - known;
  }, 0);
}
