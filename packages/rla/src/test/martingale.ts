import { assert } from "@detente/basics";

/** The cards that are drawn from, and the claim about them that is tested. */
export interface Population {
  /** How many there are where they are drawn without replacement; `undefined` with replacement. */
  readonly cards: number | undefined;
  /** The largest value that a card can have. */
  readonly bound: number;
  /** The mean that is tested: the claim is that it is larger. ½ for an assorter. */
  readonly mean: number;
}

/** What is known before a draw. */
export interface Past {
  /** Cards drawn so far, and the sum of their values. */
  readonly draws: number;
  readonly sum: number;
  /** The mean of the cards that are left, if the claim is just not true: μ. Above 0 and below `bound`. */
  readonly mean: number;
  readonly bound: number;
  readonly cards: number | undefined;
}

/** How much to bet against the null on the next card, by what came before alone. */
export interface Bet {
  /** λ from 0 to 1/μ. */
  readonly lambda: (past: Past) => number;
  /** Takes notice of a card's value. */
  readonly see?: (value: number) => void;
}

/** Sums of millions of values, and of rounded values, are this exact, as a share of the sum; no vote is as small. */
export const ROUNDING: number = 2 ** -40;

/**
 * The test of a mean by betting (Waudby-Smith and Ramdas 2024, arXiv:2010.09686; Waudby-Smith, Stark, Ramdas, "RiLACS",
 * 2021, arXiv:2107.11323): T_j = T_{j−1}·(1 + λ_j(x_j − μ_j)), where μ_j is the mean of the cards that were left before
 * the draw if the claim is just false. If it is false, T is a nonnegative supermartingale, so it ever reaches 1/α with
 * a chance of at most α (Ville), however the bets are chosen from the past and whenever one looks. ALPHA (Stark 2022,
 * arXiv:2201.02707) is this test with λ_j = (η_j − μ_j)/(μ_j(u − μ_j)), and BRAVO, Kaplan–Markov, Kaplan–Wald and
 * Kaplan–Kolmogorov are, too. T is kept as its logarithm: it overflows within some thousand draws.
 */
export class Martingale {
  readonly #bet: Bet;
  readonly #past: {
    draws: number;
    sum: number;
    mean: number;
    readonly bound: number;
    readonly cards: number | undefined;
  };
  readonly #mean: number;
  /** What rounding took from the sum (Neumaier). */
  #lost = 0;
  #log = 0;
  #largest = 0;

  constructor({ cards, bound, mean }: Population, bet: Bet) {
    assert(mean > 0 && mean < bound, "the mean that is tested lies between 0 and the bound");
    assert(cards === undefined || (Number.isSafeInteger(cards) && cards > 0), "a number of cards is whole");
    this.#bet = bet;
    this.#mean = mean;
    this.#past = { draws: 0, sum: 0, mean, bound, cards };
  }

  get draws(): number {
    return this.#past.draws;
  }

  /** ln T. */
  get log(): number {
    return this.#log;
  }

  /** The risk measured so far, the smallest 1/T that was reached: an anytime-valid p-value. 0 once the claim is proven. */
  get risk(): number {
    return Math.min(1, Math.exp(-this.#largest));
  }

  /** Takes the value of the next card that was drawn, 0 to the bound. Cards are taken in the order of the draw. */
  add(value: number): void {
    const past = this.#past;
    const { bound, mean, cards } = past;
    assert(value >= 0 && value <= bound * (1 + 1e-12), "the value of a card lies between 0 and the bound");
    assert(cards === undefined || past.draws < cards, "no card is drawn twice without replacement");
    const tolerance = bound * (cards ?? 0) * ROUNDING;
    // Where μ is 0 or u within rounding every bet is void or certain: nothing is staked.
    const lambda = mean > tolerance && mean < bound - tolerance ? this.#bet.lambda(past) : 0;
    if (mean > bound + tolerance) this.#log = -Infinity;
    else this.#log += Math.log1p(Math.max(-1, lambda * (value - mean)));
    this.#bet.see?.(value);
    this.#sumUp(value);
    past.draws++;
    if (cards !== undefined) {
      const left = this.#mean * cards - (past.sum + this.#lost);
      past.mean = left / Math.max(1, cards - past.draws);
      // More was found than all cards together may have if the claim is false: it is true, for certain.
      if (left < -tolerance) this.#log = Infinity;
    }
    if (this.#log > this.#largest) this.#largest = this.#log;
  }

  #sumUp(value: number): void {
    const past = this.#past;
    const sum = past.sum + value;
    this.#lost += Math.abs(past.sum) >= value ? past.sum - sum + value : value - sum + past.sum;
    past.sum = sum;
  }
}

/** The risk of a claim by the values of cards in the order of their draw. */
export function riskOf(values: Iterable<number>, population: Population, bet: Bet): number {
  const martingale = new Martingale(population, bet);
  for (const value of values) martingale.add(value);
  return martingale.risk;
}
