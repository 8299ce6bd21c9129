/** Lets whoever waits go first: to be awaited now and then in work that would else hold up everybody. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** How long work may hold up everybody, in milliseconds. */
const AT_ONCE_MS = 10;

/**
 * Long work in short pieces, however long each step of it takes: ask between any two whether it is time, and if so rest.
 * Requests are answered meanwhile.
 */
export class Pace {
  #since: number = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#since >= AT_ONCE_MS;
  }

  async rest(): Promise<void> {
    await turn();
    this.#since = performance.now();
  }
}
