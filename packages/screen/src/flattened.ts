/**
 * The elements of batches, one after the other, as `yield*` in an asynchronous generator would give them: a batch is
 * asked for when all of the one before was taken. But an element costs one promise here and several there, which of
 * millions of hits is a good part of their price.
 */
export class Flattened<T> implements AsyncIterableIterator<T, undefined> {
  readonly #batches: AsyncGenerator<Iterable<T>, undefined>;
  #batch: Iterator<T> | undefined;
  #isWaiting = false;

  constructor(batches: AsyncGenerator<Iterable<T>, undefined>) {
    this.#batches = batches;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** To be asked for one element at a time, as `for await` does. Fails as the batches do, which are ended then. */
  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#isWaiting) throw new Error("the next element is asked for before the last one has come");
    try {
      const element = this.#batch?.next();
      if (element?.done === false) return Promise.resolve(element);
    } catch (error) {
      return this.#fail(error);
    }
    return this.#advance();
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    const batch = this.#batch;
    this.#batch = undefined;
    batch?.return?.();
    await this.#batches.return(undefined);
    return { done: true, value: undefined };
  }

  /**
   * Goes on to the next batch that has an element, in a loop: a promise for each empty one, that waits for the next, would
   * grow with a log in which nothing is found.
   */
  async #advance(): Promise<IteratorResult<T, undefined>> {
    this.#isWaiting = true;
    try {
      for (;;) {
        const batch = await this.#batches.next();
        if (batch.done === true) {
          this.#batch = undefined;
          return batch;
        }
        this.#batch = batch.value[Symbol.iterator]();
        try {
          const element = this.#batch.next();
          if (element.done !== true) return element;
        } catch (error) {
          return await this.#fail(error);
        }
      }
    } finally {
      this.#isWaiting = false;
    }
  }

  /** Lets the batches know, so that they close what they have open. */
  async #fail(error: unknown): Promise<IteratorReturnResult<undefined>> {
    this.#batch = undefined;
    await this.#batches.throw(error);
    return { done: true, value: undefined };
  }
}
