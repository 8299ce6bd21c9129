import { err, type Fault, ok, type Result } from "@detente/basics";
import type { IrvAssertion } from "./assertion.ts";
import type { IrvBallots } from "./ballots.ts";
import { sufficientFor } from "./sufficient.ts";

/** An assertion and by how many ballots it holds. */
export interface FoundAssertion {
  readonly assertion: IrvAssertion;
  /** Votes of its winner less those of its loser: above 0. The larger, the fewer cards must be looked at. */
  readonly margin: number;
}

/** Orders that were looked at before giving up: an election in which so many stay open is too close to audit so. */
const MOST_NODES = 200_000;

interface Node {
  /** The end of an order of elimination; the last is the wrong winner. */
  readonly tail: readonly number[];
  /** The assertion with the largest margin that rules out this end or a shorter one; `undefined` where there is none. */
  readonly best: FoundAssertion | undefined;
}

/**
 * Assertions that together rule out every other winner, such that the smallest margin among them is as large as can be,
 * which makes the audit as easy as it can be (Blom, Stuckey, Teague, "RAIRE", 2019, arXiv:1903.08804). It looks at ends
 * of orders of elimination, from the last one standing, hardest first: each is ruled out by its best assertion or made
 * longer in every way. Whether they suffice is for `sufficientFor` to say, which knows nothing of this.
 */
export function raireAssertions(
  ballots: IrvBallots,
  winner: number,
): Result<FoundAssertion[], Fault<"not-auditable" | "too-close">> {
  const finder = new Finder(ballots);
  const others = finder.candidates.filter((candidate) => candidate !== winner);
  const open = new Hardest();
  for (const other of others) open.push({ tail: [other], best: finder.best([other]) });
  // The margin that the hardest complete order leaves: ends that are easier need not be looked into.
  let bound = Infinity;
  const chosen: FoundAssertion[] = [];
  for (let nodes = 0, node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.best !== undefined && node.best.margin >= bound) {
      chosen.push(node.best);
      continue;
    }
    for (const candidate of finder.candidates) {
      if (node.tail.includes(candidate)) continue;
      const tail = [candidate, ...node.tail];
      const own = finder.best(tail);
      const best = own !== undefined && own.margin > (node.best?.margin ?? 0) ? own : node.best;
      if (tail.length < ballots.candidates) open.push({ tail, best });
      else if (best === undefined) {
        return err("not-auditable", `the ballots allow the eliminations ${tail.join(", ")}: count by hand`);
      } else {
        bound = Math.min(bound, best.margin);
        chosen.push(best);
      }
    }
    if (++nodes > MOST_NODES) return err("too-close", `more than ${MOST_NODES} orders stay open: count by hand`);
  }
  return ok(withoutNeedless(chosen, winner, ballots.candidates));
}

/** The assertions that are needed, the hardest first: each is left out, the hardest first, if the others suffice. */
function withoutNeedless(chosen: readonly FoundAssertion[], winner: number, candidates: number): FoundAssertion[] {
  const distinct = new Map(chosen.map((found) => [JSON.stringify(found.assertion), found]));
  let needed = [...distinct.values()].sort((a, b) => a.margin - b.margin);
  for (const each of needed) {
    const others = needed.filter((other) => other !== each);
    const plain = others.map(({ assertion }) => assertion);
    if (sufficientFor(winner, candidates, plain).ok) needed = others;
  }
  return needed;
}

/** Finds the best assertion against an end of an order. */
class Finder {
  readonly candidates: readonly number[];
  readonly #ballots: IrvBallots;
  readonly #first: Uint32Array;
  readonly #most: Uint32Array;
  readonly #tallies = new Map<string, Uint32Array>();

  constructor(ballots: IrvBallots) {
    this.#ballots = ballots;
    this.candidates = Array.from({ length: ballots.candidates }, (_, i) => i);
    this.#first = ballots.tally(new Uint8Array(ballots.candidates).fill(1));
    this.#most = ballots.mostWhileStanding();
  }

  /**
   * Against `tail`: its first candidate is not eliminated next among it, or not before another of it; or somebody who is
   * not in it, and so is eliminated earlier, is not eliminated before one of it.
   */
  best(tail: readonly number[]): FoundAssertion | undefined {
    const gone = tail[0] as number;
    let best: FoundAssertion | undefined;
    const offer = (margin: number, assertion: () => IrvAssertion): void => {
      if (margin > (best?.margin ?? 0)) best = { margin, assertion: assertion() };
    };
    for (const loser of tail) {
      if (loser === gone) continue;
      offer(this.#before(gone, loser), () => ({ kind: "not-eliminated-before", winner: gone, loser }));
    }
    for (const winner of this.candidates) {
      if (tail.includes(winner)) continue;
      for (const loser of tail) {
        offer(this.#before(winner, loser), () => ({ kind: "not-eliminated-before", winner, loser }));
      }
    }
    if (tail.length > 1) {
      const votes = this.#tally(tail);
      for (const loser of tail) {
        if (loser === gone) continue;
        const continuing = (): number[] => [...tail].sort((a, b) => a - b);
        offer((votes[gone] as number) - (votes[loser] as number), () => ({
          kind: "not-eliminated-next",
          winner: gone,
          loser,
          continuing: continuing(),
        }));
      }
    }
    return best;
  }

  #before(winner: number, loser: number): number {
    return (this.#first[winner] as number) - (this.#most[winner * this.candidates.length + loser] as number);
  }

  #tally(tail: readonly number[]): Uint32Array {
    const standing = new Uint8Array(this.candidates.length);
    for (const candidate of tail) standing[candidate] = 1;
    const key = standing.join("");
    let votes = this.#tallies.get(key);
    if (votes === undefined) this.#tallies.set(key, (votes = this.#ballots.tally(standing)));
    return votes;
  }
}

/** Ends of orders, the one whose best assertion has the smallest margin first. */
class Hardest {
  readonly #heap: Node[] = [];

  push(node: Node): void {
    const heap = this.#heap;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (marginOf(heap[parent] as Node) <= marginOf(node)) break;
      heap[at] = heap[parent] as Node;
      at = parent;
    }
    heap[at] = node;
  }

  pop(): Node | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const node = heap.pop();
    if (top === undefined || node === undefined || heap.length === 0) return top;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && marginOf(heap[child + 1] as Node) < marginOf(heap[child] as Node)) child++;
      if (marginOf(heap[child] as Node) >= marginOf(node)) break;
      heap[at] = heap[child] as Node;
      at = child;
    }
    heap[at] = node;
    return top;
  }
}

function marginOf({ best }: Node): number {
  return best?.margin ?? 0;
}
