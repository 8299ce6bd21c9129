/**
 * The chances of 0 to `trials` successes, each of chance `chance` (strictly between 0 and 1). By the ratio of
 * neighbours from the mode outwards, so nothing overflows; each is exact to some `trials` roundings.
 */
export function binomial(trials: number, chance: number): Float64Array {
  const chances = new Float64Array(trials + 1);
  const mode = Math.min(trials, Math.floor((trials + 1) * chance));
  const odds = chance / (1 - chance);
  chances[mode] = 1;
  let sum = 1;
  for (let k = mode; k < trials; k++) {
    sum += chances[k + 1] = ((chances[k] as number) * (trials - k) * odds) / (k + 1);
  }
  for (let k = mode; k > 0; k--) {
    sum += chances[k - 1] = ((chances[k] as number) * k) / ((trials - k + 1) * odds);
  }
  for (let k = 0; k <= trials; k++) chances[k] = (chances[k] as number) / sum;
  return chances;
}

/** The chances of sums of two independent whole numbers. */
export function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const sums = new Float64Array(a.length + b.length - 1);
  for (let i = 0; i < a.length; i++) {
    const chance = a[i] as number;
    if (chance === 0) continue;
    for (let j = 0; j < b.length; j++) sums[i + j] = (sums[i + j] as number) + chance * (b[j] as number);
  }
  return sums;
}

/** At k the chance of k or more; summed from the small end, so that small tails keep their digits. */
export function tails(chances: Float64Array): Float64Array {
  const sums = new Float64Array(chances.length + 1);
  for (let k = chances.length - 1; k >= 0; k--) sums[k] = (sums[k + 1] as number) + (chances[k] as number);
  return sums;
}
