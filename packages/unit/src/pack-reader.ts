import { type Bytes, concatBytes, type Json, present, utf8 } from "@detente/basics";
import { parseBundleLine } from "./bundle-format.ts";
import { HASH_SIZE, LEAF_TYPES, type PackedLine, type PackedLines, RECORD } from "./packed-lines.ts";
import { parseJson, plainReading, readAnyBody, readLeaf } from "./reading.ts";

const LIST_START = utf8("[");
const LIST_END = utf8("]");

/** Gives packed lines one by one. The bytes of a line are views of the pack. */
export class PackReader {
  readonly #records: Bytes;
  readonly #contents: Contents;
  #at = 0;

  constructor({ records, contents }: PackedLines) {
    this.#records = records;
    this.#contents = new Contents(contents);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#records.length;
  }

  next(): PackedLine {
    const record = this.#byte();
    switch (record) {
      case RECORD.plainEntry: {
        const leafHash = this.#bytes(HASH_SIZE);
        const size = this.#number();
        const type = present(LEAF_TYPES[this.#byte()], "the type of a packed leaf");
        return { form: "entry", leafHash, reading: { type, size, hashes: this.#hashes() } };
      }
      case RECORD.entry:
        return { form: "entry", leafHash: this.#bytes(HASH_SIZE), reading: readLeaf(this.#bytes(this.#number())) };
      case RECORD.plainBody: {
        const digest = this.#bytes(HASH_SIZE);
        const size = this.#number();
        const name = this.#byte();
        const by = this.#bytes(this.#byte());
        const references = this.#hashes();
        const content = this.#contents.next(this.#number());
        return { form: "body", digest, reading: plainReading({ name, by, references }, content, size) };
      }
      case RECORD.body:
        return { form: "body", digest: this.#bytes(HASH_SIZE), reading: readAnyBody(this.#bytes(this.#number())) };
      case RECORD.blob:
        return { form: "blob", digest: this.#bytes(HASH_SIZE) };
      case RECORD.line:
        return { form: "other", line: parseBundleLine(this.#bytes(this.#number())) };
      default:
        return { form: "other", line: parseBundleLine(undefined) };
    }
  }

  #hashes(): Bytes {
    return this.#bytes(HASH_SIZE * this.#byte());
  }

  #byte(): number {
    return this.#records[this.#at++] as number;
  }

  #number(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 8) value |= this.#byte() << shift;
    return value >>> 0;
  }

  #bytes(length: number): Bytes {
    const start = this.#at;
    this.#at += length;
    return this.#records.subarray(start, this.#at);
  }
}

/**
 * The contents of plain bodies, parsed at once if all of them are JSON, else one by one. That is the same: none has a
 * comma or an end that belongs to no list or object within it (see `plainValueEnd`), so none can reach into another.
 */
class Contents {
  readonly #bytes: Bytes;
  readonly #values: readonly Json[] | undefined;
  #at = 0;
  #index = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
    this.#values = parseJson(concatBytes(LIST_START, bytes.subarray(0, -1), LIST_END)) as readonly Json[] | undefined;
  }

  /** The next value; `undefined` where it is no JSON. */
  next(length: number): Json | undefined {
    const start = this.#at;
    this.#at += length + 1;
    const index = this.#index++;
    return this.#values === undefined ? parseJson(this.#bytes.subarray(start, start + length)) : this.#values[index];
  }
}
