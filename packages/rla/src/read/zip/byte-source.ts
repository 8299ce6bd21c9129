import { joined, NOTHING } from "../pieces.ts";

/** Goes forward through bytes that come in pieces. */
export class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = NOTHING;
  #offset = 0;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Of what comes next. */
  get offset(): number {
    return this.#offset;
  }

  /** Exactly so many bytes, or fewer where they end. */
  async read(count: number): Promise<Uint8Array> {
    let bytes: Uint8Array = NOTHING;
    for await (const piece of this.upTo(this.#offset + count)) bytes = joined(bytes, piece.slice());
    return bytes;
  }

  /** The pieces before an offset. */
  async *upTo(end: number): AsyncGenerator<Uint8Array> {
    while (this.#offset < end) {
      if (this.#piece.length === 0) {
        const next = await this.#pieces.next();
        if (next.done === true) return;
        this.#piece = joined(NOTHING, next.value);
        continue;
      }
      const taken = this.#piece.subarray(0, end - this.#offset);
      this.#piece = this.#piece.subarray(taken.length);
      this.#offset += taken.length;
      yield taken;
    }
  }

  async skipTo(offset: number): Promise<void> {
    const passed = this.upTo(offset);
    while ((await passed.next()).done !== true);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
