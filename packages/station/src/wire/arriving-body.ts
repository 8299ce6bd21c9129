import type { Bytes } from "@detente/basics";
import type { BodySource } from "./body-source.ts";

/** What brings the pieces of a body. */
interface Flow {
  pause(): void;
  resume(): void;
  /** Ends it; does nothing once all has come. */
  cancel(): void;
}

/** Bytes that may have come before they are asked for. */
const AHEAD = 1 << 16;

/** A body that somebody else brings as it comes, and that is read at the reader's pace. */
export class ArrivingBody implements BodySource {
  readonly #flow: Flow;
  readonly #here: Bytes[] = [];
  #bytesHere = 0;
  #end: "whole" | Error | undefined;
  #waiting: { resolve(piece: Bytes | undefined): void; reject(error: Error): void } | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  push(piece: Bytes): void {
    if (this.#waiting !== undefined) {
      this.#waiting.resolve(piece);
      this.#waiting = undefined;
      return;
    }
    this.#here.push(piece);
    this.#bytesHere += piece.length;
    if (this.#bytesHere >= AHEAD) this.#flow.pause();
  }

  end(): void {
    this.#end = "whole";
    this.#waiting?.resolve(undefined);
  }

  /** It broke off; what has come before stays to be read. */
  fail(error: Error): void {
    this.#end ??= error;
    this.#waiting?.reject(error);
  }

  next(): Bytes | undefined | Promise<Bytes | undefined> {
    const piece = this.#here.shift();
    if (piece !== undefined) {
      this.#bytesHere -= piece.length;
      if (this.#here.length === 0) this.#flow.resume();
      return piece;
    }
    if (this.#end === "whole") return undefined;
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  cancel(): void {
    this.#flow.cancel();
  }
}
