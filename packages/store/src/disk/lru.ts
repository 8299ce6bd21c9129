/** Keeps the values used last, within a budget of bytes. */
export class Lru<V> {
  readonly #budget: number;
  readonly #kept = new Map<number, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  get(key: number): V | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.value;
  }

  set(key: number, value: V, bytes: number): void {
    this.#bytes += bytes - (this.#kept.get(key)?.bytes ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, { value, bytes });
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#budget || oldest === key) return;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }
}
