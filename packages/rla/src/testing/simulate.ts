import { utf8 } from "@detente/basics";
import { HashRandom } from "../plan/hash-random.ts";

/** Simulated audits for each wrong outcome; more where somebody has the time: `SOUNDNESS=20000 npx vitest run packages/rla`. */
const RUNS: number = Number(process.env["SOUNDNESS"] ?? 150);

/** The risk limit of simulated audits. */
export const LIMIT = 0.1;

/**
 * How many of so many wrong outcomes may be confirmed at a risk limit of `LIMIT`: a number that is exceeded once in a
 * thousand simulations if the chance is the limit itself (normal approximation).
 */
export const MOST_CONFIRMED: number = LIMIT * RUNS + 3.09 * Math.sqrt(RUNS * LIMIT * (1 - LIMIT));

/** How many of the simulated audits say yes. */
export function confirmed(name: string, audit: (random: HashRandom) => boolean): number {
  let count = 0;
  for (let run = 0; run < RUNS; run++) if (audit(new HashRandom(utf8(`${name} ${run}`)))) count++;
  return count;
}

/** The first `count` of `items` in a random order. */
export function drawn<T>(items: ArrayLike<T>, count: number, random: HashRandom): T[] {
  const left = Array.from(items);
  return Array.from({ length: Math.min(count, left.length) }, (_, i) => {
    const at = i + random.below(left.length - i);
    const item = left[at] as T;
    left[at] = left[i] as T;
    return item;
  });
}

/** Items with replacement. */
export function redrawn<T>(items: ArrayLike<T>, count: number, random: HashRandom): T[] {
  return Array.from({ length: count }, () => items[random.below(items.length)] as T);
}
