const NEWLINE = 0x0a;
/** A longer one is no header. */
const MAX_LINE = 64 * 1024;

/** The first line of a log, where it is no longer than a header is: that of a CSV. */
export class FirstLine {
  #bytes: Uint8Array = new Uint8Array(0);
  #isComplete = false;

  push(bytes: Uint8Array): void {
    if (this.#isComplete) return;
    const newline = bytes.indexOf(NEWLINE);
    const end = newline < 0 ? bytes.length : newline + 1;
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(0, end)]);
    if (this.#bytes.length > MAX_LINE) this.#bytes = new Uint8Array(0);
    else if (newline < 0) return;
    this.#isComplete = true;
  }

  /** With its end; one character a byte. */
  text(): string {
    return this.#isComplete ? Buffer.from(this.#bytes).toString("latin1") : "";
  }
}
