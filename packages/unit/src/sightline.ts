/**
 * What one observer has said of one log: the sizes it observed, in the order of its own log. An observation that an
 * earlier one already covers says nothing new and is dropped, so that what remains does not depend on the order of
 * arrival.
 */
export class Sightline {
  /** All three strictly increasing together, but for the claimed times. */
  readonly #sizes: number[] = [];
  readonly #indexes: number[] = [];
  readonly #times: number[] = [];

  /** The largest size observed; 0 before the first. */
  get size(): number {
    return this.#sizes.at(-1) ?? 0;
  }

  /** Takes in an observation of `size` that stands at `index` of the observer's log, made at the claimed time `at`. */
  add(size: number, index: number, at: number): void {
    const place = firstAtLeast(this.#sizes, size);
    if (place < this.#sizes.length && (this.#indexes[place] as number) <= index) return;
    let start = place;
    while (start > 0 && (this.#indexes[start - 1] as number) >= index) start--;
    const end = this.#sizes[place] === size ? place + 1 : place;
    this.#sizes.splice(start, end - start, size);
    this.#indexes.splice(start, end - start, index);
    this.#times.splice(start, end - start, at);
  }

  /** The claimed time (ms since the epoch) of the first observation that covers the statement at `index`. */
  firstCovering(index: number): number | undefined {
    return this.#times[firstAtLeast(this.#sizes, index + 1)];
  }
}

function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
