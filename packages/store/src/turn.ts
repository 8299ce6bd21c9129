/** Those who wait for their turn, in the order in which they came. */
const waiting: (() => void)[] = [];

/**
 * Lets whoever waits go first: to be awaited now and then in work that would else hold up everybody. Of all who work at
 * length, one goes on in each round of the event loop, so that many together hold up the others no longer than one.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(next);
  });
}

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
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
