/** Over so many milliseconds a rate is taken. */
const SPAN = 60_000;

/** How fast something has gone of late. */
export class Rate {
  readonly #since: number;
  #seen: { readonly at: number; readonly amount: number }[] = [];

  /** @param now milliseconds of any clock */
  constructor(now: number) {
    this.#since = now;
  }

  add(amount: number, now: number): void {
    this.#seen = this.#seen.filter(({ at }) => at > now - SPAN);
    this.#seen.push({ at: now, amount });
  }

  /** The amount of a second, over the last minute or since the beginning. */
  perSecond(now: number): number {
    const amount = this.#seen.reduce((sum, { at, amount: one }) => (at > now - SPAN ? sum + one : sum), 0);
    const span = Math.min(SPAN, now - this.#since);
    return span <= 0 ? 0 : (1000 * amount) / span;
  }
}
