import { assert, err, type Fault, ok, type Result } from "@detente/basics";
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
  if (candidates > MOST_CANDIDATES) {
    return err("too-many-candidates", `more than ${MOST_CANDIDATES} candidates: count by hand`);
  }
  const all = setOf(Array.from({ length: candidates }, (_, i) => i));
  const bit = Array.from({ length: candidates }, (_, i) => setOf([i]));
  const before = bit.map((): CandidateSet => ({ low: 0, high: 0 }));
  const next = bit.map(() => new Set<number>());
  for (const assertion of assertions) {
    const at = assertion.winner;
    assert(at < candidates && assertion.loser < candidates, "assertions are about candidates of the contest");
    if (assertion.kind === "not-eliminated-before") {
      before[at] = union(before[at] as CandidateSet, bit[assertion.loser] as CandidateSet);
    } else next[at]?.add(keyOf(setOf(assertion.continuing)));
  }
  // Each set with who was eliminated last to come to it.
  const reached = new Map<number, number>();
  const open: CandidateSet[] = [];
  for (let other = 0; other < candidates; other++) {
    if (other === winner) continue;
    reached.set(keyOf(bit[other] as CandidateSet), other);
    open.push(bit[other] as CandidateSet);
  }
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    if (keyOf(set) === keyOf(all)) {
      return err("insufficient", `the assertions allow the eliminations ${wayOf(keyOf(set), reached, bit)}`);
    }
    // Sets only grow from here: whoever may not go before one of them will never join, and so not all will.
    const isOut = (e: number): boolean => !meet(bit[e] as CandidateSet, set);
    if (bit.some((_, e) => isOut(e) && meet(before[e] as CandidateSet, set))) continue;
    for (let e = 0; e < candidates; e++) {
      if (!isOut(e)) continue;
      const larger = union(set, bit[e] as CandidateSet);
      const key = keyOf(larger);
      if (reached.has(key) || next[e]?.has(key) === true) continue;
      reached.set(key, e);
      open.push(larger);
    }
    if (reached.size > MOST_SETS) {
      return err("too-many-candidates", `more than ${MOST_SETS} sets of candidates stay possible: count by hand`);
    }
  }
  return ok(undefined);
}

/** A set of candidates, one bit each: the first 26 in `low`, the others in `high`. */
interface CandidateSet {
  readonly low: number;
  readonly high: number;
}

const HALF = 26;
const MOST_CANDIDATES = 2 * HALF;

function setOf(members: readonly number[]): CandidateSet {
  let low = 0;
  let high = 0;
  for (const member of members) {
    if (member < HALF) low |= 1 << member;
    else high |= 1 << (member - HALF);
  }
  return { low, high };
}

function union(a: CandidateSet, b: CandidateSet): CandidateSet {
  return { low: a.low | b.low, high: a.high | b.high };
}

function meet(a: CandidateSet, b: CandidateSet): boolean {
  return (a.low & b.low) !== 0 || (a.high & b.high) !== 0;
}

/** One whole number for a set, at most 2^52. */
function keyOf({ low, high }: CandidateSet): number {
  return high * 2 ** HALF + low;
}

function wayOf(from: number, reached: ReadonlyMap<number, number>, bit: readonly CandidateSet[]): string {
  const order: number[] = [];
  for (let set = from; set !== 0;) {
    const gone = reached.get(set) as number;
    order.push(gone);
    set -= keyOf(bit[gone] as CandidateSet);
  }
  return order.join(", ");
}
