import { err, type Fault, ok, type Result } from "@detente/basics";
import type { IrvAssertion } from "./assertion.ts";

/** Sets of candidates that are looked at; contests of dozens of candidates need some thousands. */
const MOST_SETS = 2_000_000;

/**
 * Whether IRV assertions, if all are true, leave no way for anybody but `winner` to win. It knows nothing of how they
 * were found, so a set from anywhere can be asked for: from the last one standing it walks backwards over the sets of
 * candidates that could have stood at some time. Candidate e can be the next to go from a set R unless an assertion
 * says no: one of `not-eliminated-before` with e as winner and its loser in R, or one of `not-eliminated-next` with e as
 * winner and R as the continuing. If the set of all candidates can be reached for another winner, that way is the
 * counterexample: the candidates in the order in which they would be eliminated, the wrong winner last.
 */
export function sufficientFor(
  winner: number,
  candidates: number,
  assertions: readonly IrvAssertion[],
): Result<undefined, Fault<"insufficient" | "too-many-candidates">> {
  const all = (1n << BigInt(candidates)) - 1n;
  const bit = Array.from({ length: candidates }, (_, i) => 1n << BigInt(i));
  const before = bit.map(() => 0n);
  const next = bit.map(() => new Set<bigint>());
  for (const assertion of assertions) {
    const at = assertion.winner;
    if (assertion.kind === "not-eliminated-before")
      before[at] = (before[at] as bigint) | (bit[assertion.loser] as bigint);
    else next[at]?.add(assertion.continuing.reduce((set, candidate) => set | (bit[candidate] as bigint), 0n));
  }
  // Each set with who was eliminated last to come to it.
  const reached = new Map<bigint, number>();
  const open: bigint[] = [];
  for (let other = 0; other < candidates; other++) {
    if (other === winner) continue;
    reached.set(bit[other] as bigint, other);
    open.push(bit[other] as bigint);
  }
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    if (set === all) return err("insufficient", `the assertions allow the eliminations ${wayOf(set, reached, bit)}`);
    for (let e = 0; e < candidates; e++) {
      const larger: bigint = set | (bit[e] as bigint);
      if (larger === set || reached.has(larger)) continue;
      if (((before[e] as bigint) & set) !== 0n || next[e]?.has(larger) === true) continue;
      reached.set(larger, e);
      open.push(larger);
    }
    if (reached.size > MOST_SETS) {
      return err("too-many-candidates", `more than ${MOST_SETS} sets of candidates stay possible: count by hand`);
    }
  }
  return ok(undefined);
}

function wayOf(from: bigint, reached: ReadonlyMap<bigint, number>, bit: readonly bigint[]): string {
  const order: number[] = [];
  for (let set = from; set !== 0n;) {
    const gone = reached.get(set) as number;
    order.push(gone);
    set &= ~(bit[gone] as bigint);
  }
  return order.join(", ");
}
