import { assert } from "@detente/basics";

/**
 * The time that someone watched: a union of half-open spans [from, to) in integer milliseconds. Spans that overlap or
 * touch are one, so the same spans in any order give the same coverage.
 */
export class Coverage {
  /** from0, to0, from1, to1, …: strictly increasing. */
  readonly #edges: number[] = [];

  /** Adds a span; an empty or reversed one adds nothing. */
  add(from: number, to: number): void {
    assert(Number.isSafeInteger(from) && Number.isSafeInteger(to), "coverage is counted in whole milliseconds");
    if (from >= to) return;
    const first = this.#firstEdgeAtLeast(from);
    const last = this.#firstEdgeAtLeast(to + 1);
    // An even position lies outside every span and an odd one inside a span, whose own edge is then kept.
    const edges: number[] = [];
    if (first % 2 === 0) edges.push(from);
    if (last % 2 === 0) edges.push(to);
    this.#edges.splice(first, last - first, ...edges);
  }

  /** Milliseconds covered in all. */
  get total(): number {
    let total = 0;
    for (let i = 0; i < this.#edges.length; i += 2) {
      total += (this.#edges[i + 1] as number) - (this.#edges[i] as number);
    }
    return total;
  }

  #firstEdgeAtLeast(time: number): number {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#edges[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
