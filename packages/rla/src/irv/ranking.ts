import type { ContestVotes } from "../cvr.ts";

/**
 * The candidates in the order in which a card prefers them, as far as it says so: ranks that were skipped are passed
 * over, a candidate counts at its best rank only, and a rank with two candidates ends the ballot, since nobody can say
 * which of them comes next.
 */
export function ranking({ candidates, ranks }: ContestVotes): number[] {
  if (isPlain(candidates, ranks)) return Array.from(candidates);
  const order = Array.from(candidates, (_, i) => i).sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  const preferred: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const at = order[i] as number;
    const candidate = candidates[at] as number;
    const rivals = order.filter((other) => ranks[other] === ranks[at] && candidates[other] !== candidate);
    if (rivals.length > 0) break;
    if (!preferred.includes(candidate)) preferred.push(candidate);
  }
  return preferred;
}

/** Whether the marks stand in the order of their ranks already, with one candidate a rank and no candidate twice. */
function isPlain(candidates: Uint16Array, ranks: Uint8Array): boolean {
  for (let i = 1; i < candidates.length; i++) {
    if ((ranks[i - 1] as number) >= (ranks[i] as number)) return false;
    if (candidates.indexOf(candidates[i] as number) < i) return false;
  }
  return true;
}
