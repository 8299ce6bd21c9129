import { assert } from "@detente/basics";
import { type Bet, Martingale, type Population, ROUNDING } from "./martingale.ts";

/**
 * A stratum and its sample. A stratum that is polled has the values of an assorter; one that is compared card by card has
 * u − ω, the bound less the overstatement, whose mean is as much above the stratum's A as `shift` says.
 */
export interface Stratum {
  /** Its cards, and how many of all cards they are, weights that sum to 1. */
  readonly cards: number;
  readonly weight: number;
  /** Drawn without replacement, in the order of the draw. */
  readonly values: Float64Array;
  readonly bound: number;
  /** By how much the mean of the values is above the mean of A: u − mean(A of the records) for a comparison, else 0. */
  readonly shift: number;
  /** The share of what may be staked that is staked on each draw (0 to below 1), by what came before it alone. */
  readonly stakes: Float64Array;
}

/** The stakes of a bet in a stratum, for a null with the mean of `population`: λ_jμ_j, by what came before each draw. */
export function stakesOf(bet: Bet, population: Population, values: Float64Array): Float64Array {
  const stakes = new Float64Array(values.length);
  const martingale = new Martingale(population, {
    lambda: (past) => {
      const lambda = bet.lambda(past);
      stakes[past.draws] = Math.min(MOST, lambda * past.mean);
      return lambda;
    },
    see: (value) => bet.see?.(value),
  });
  for (const value of values) martingale.add(value);
  return stakes;
}

/** No stake is all, so that one card never ends a test for good. */
const MOST = 1 - 2 ** -20;

/**
 * The risk of a claim about the mean of A over several strata, each sampled by itself: the claim is false only if for
 * some means θ_k of the strata with Σ w_kθ_k ≤ ½ each stratum's mean is at most θ_k, so P = max over those θ of
 * 1/Π T_k(θ_k) (Ottoboni, Stark, Lindeman, McBurnett 2018, SUITE, arXiv:1809.04235; Spertus and Stark, "Sweeter than SUITE",
 * 2022, arXiv:2207.03379). A stratum's T bets the same share of 1/μ whatever θ is, which makes ln T_k a convex falling
 * function of θ_k (Spertus, Sridhar, Stark, "Sequential stratified inference for the mean", 2024): the maximum is then
 * found exactly, for any number of strata, and by weak duality what is returned is never below it but for rounding.
 *
 * The risk counts the sample as it is; over rounds the smallest of them is valid, too.
 */
export function stratifiedRisk(strata: readonly Stratum[], mean = 1 / 2): number {
  assert(strata.length > 0, "there is a stratum");
  const tests = strata.map((stratum) => new StratumTest(stratum));
  if (tests.reduce((sum, { weight, least }) => sum + weight * least, 0) > mean + 1e-9) return 0;
  if (tests.reduce((sum, { weight, most }) => sum + weight * most, 0) <= mean) {
    return Math.min(1, Math.exp(-tests.reduce((sum, test) => sum + test.log(test.most), 0)));
  }
  // The dual: prices ν ≥ 0 for mean; at the best price the strata's own choices use up `mean`.
  let low = 0;
  let high = 1;
  const used = (price: number): number =>
    tests.reduce((sum, test) => sum + test.weight * test.choice(price * test.weight), 0);
  while (used(high) > mean && high < 1e12) high *= 2;
  let best = -Infinity;
  // Any price gives a bound; near the best one its error counts squared.
  while (high - low > 1e-6 * high + 1e-9) {
    const price = (low + high) / 2;
    if (used(price) > mean) low = price;
    else high = price;
  }
  for (const price of [low, high]) {
    const choices = tests.map((test) => test.choice(price * test.weight));
    const value = tests.reduce((sum, test, k) => {
      const theta = choices[k] as number;
      return sum + test.log(theta) + price * test.weight * theta;
    }, -price * mean);
    best = Math.max(best, value);
  }
  return Math.min(1, Math.exp(-best));
}

/** ln T of one stratum as a function of the mean θ of A there, between what its sample still allows. */
class StratumTest {
  readonly weight: number;
  readonly least: number;
  readonly most: number;
  readonly #stratum: Stratum;

  constructor(stratum: Stratum) {
    const { cards, values, bound, shift, stakes, weight } = stratum;
    assert(values.length <= cards && values.length === stakes.length, "a stake for each card that was drawn");
    assert(
      stakes.every((stake) => stake >= 0 && stake < 1),
      "a stake is a share below 1",
    );
    const sum = values.reduce((total, value) => total + value, 0);
    this.#stratum = stratum;
    this.weight = weight;
    this.least = sum / cards - shift;
    this.most = (sum + (cards - values.length) * bound) / cards - shift;
  }

  log(theta: number): number {
    return this.#along(theta).log;
  }

  /** The θ that makes ln T(θ) + price·θ smallest: where the slope of ln T is −price. */
  choice(price: number): number {
    let low = this.least;
    let high = this.most;
    if (this.#along(high).slope <= -price) return high;
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (this.#along(middle).slope < -price) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  #along(theta: number): { log: number; slope: number } {
    const { cards, values, bound, shift, stakes } = this.#stratum;
    const tolerance = bound * cards * ROUNDING;
    let left = (theta + shift) * cards;
    let log = 0;
    let slope = 0;
    let product = 1;
    for (let j = 0; j < values.length; j++) {
      const value = values[j] as number;
      const stake = stakes[j] as number;
      const mean = left / (cards - j);
      left -= value;
      const isSpent = mean <= tolerance;
      // Where the null leaves nothing, a value proves it impossible. On none the stake is lost, as under every null that
      // leaves a little: else the worst of those would be missed for being next to this one.
      if (isSpent && value > tolerance) return { log: Infinity, slope: -Infinity };
      const ratio = isSpent ? 0 : value / mean;
      const factor = 1 + stake * (ratio - 1);
      if (!isSpent) slope -= ((stake * ratio) / (factor * mean)) * (cards / (cards - j));
      product *= factor;
      if (product < 1e-200 || product > 1e200) {
        log += Math.log(product);
        product = 1;
      }
    }
    return { log: log + Math.log(product), slope };
  }
}
