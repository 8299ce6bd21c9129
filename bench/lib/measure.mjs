/** @param {string} text a line of progress; results alone go to standard output */
export function progress(text) {
  process.stderr.write(`  ${text}\n`);
}

/**
 * The least of several measurements in turn: on a machine with other work to do, noise only ever adds time.
 * The subjects take turns, so that a disturbance of some seconds does not hit one of them alone.
 * @template {string} Name
 * @param {Record<Name, () => number | Promise<number>>} subjects each gives a duration
 * @param {number} rounds
 * @returns {Promise<Record<Name, number>>}
 */
export async function leastOf(subjects, rounds) {
  const names = /** @type {Name[]} */ (Object.keys(subjects));
  const least = /** @type {Record<Name, number>} */ (Object.fromEntries(names.map((name) => [name, Infinity])));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      least[name] = Math.min(least[name], await subjects[name]());
    }
  }
  return least;
}

/**
 * @param {number} calls
 * @param {(call: number) => void} run
 * @returns {number} microseconds a call
 */
export function microseconds(calls, run) {
  const start = performance.now();
  for (let call = 0; call < calls; call++) run(call);
  return ((performance.now() - start) * 1000) / calls;
}

/**
 * @param {readonly number[]} values
 * @param {number} share 0..1
 * @returns {number} the smallest value that at least this share of the values does not exceed (nearest rank)
 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * Numbers that look random and are the same in each run (a linear congruential generator, Numerical Recipes §7.1).
 * @param {number} seed
 * @returns {(below: number) => number} an integer from 0 to `below` - 1
 */
export function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
