import type { Bytes } from "@detente/basics";
import type { PlainBody, PlainLeaf } from "@detente/record";
import { HASH_SIZE, LEAF_TYPES, type PackedLines, RECORD } from "./packed-lines.ts";

const COMMA = 0x2c;
/** Writes the records of packed lines. */
export class PackWriter {
  readonly #records: GrowingBytes;
  readonly #contents: GrowingBytes;

  /** @param room bytes of lines, roughly */
  constructor(room: number) {
    this.#records = new GrowingBytes(room);
    this.#contents = new GrowingBytes(room);
  }

  packed(): PackedLines {
    return { records: this.#records.written, contents: this.#contents.written };
  }

  plainEntry(leafHash: Bytes, { type, size, hashes }: PlainLeaf): void {
    this.#begin(RECORD.plainEntry, leafHash, size);
    this.#records.byte(LEAF_TYPES.indexOf(type));
    this.#hashes(hashes);
  }

  entry(leafHash: Bytes, leaf: Bytes): void {
    this.#begin(RECORD.entry, leafHash, leaf.length);
    this.#records.bytes(leaf);
  }

  plainBody(digest: Bytes, size: number, { name, by, references, content }: PlainBody): void {
    this.#begin(RECORD.plainBody, digest, size);
    this.#records.byte(name);
    this.#records.byte(by.length);
    this.#records.bytes(by);
    this.#hashes(references);
    this.#records.number(content.length);
    this.#contents.bytes(content);
    this.#contents.byte(COMMA);
  }

  body(digest: Bytes, body: Bytes): void {
    this.#begin(RECORD.body, digest, body.length);
    this.#records.bytes(body);
  }

  blob(digest: Bytes): void {
    this.#records.byte(RECORD.blob);
    this.#records.bytes(digest);
  }

  /** @param line `undefined` for one that was longer than any may be */
  line(line: Bytes | undefined): void {
    this.#records.byte(line === undefined ? RECORD.tooLong : RECORD.line);
    if (line === undefined) return;
    this.#records.number(line.length);
    this.#records.bytes(line);
  }

  #begin(record: number, hash: Bytes, number: number): void {
    this.#records.byte(record);
    this.#records.bytes(hash);
    this.#records.number(number);
  }

  #hashes(hashes: Bytes): void {
    this.#records.byte(hashes.length / HASH_SIZE);
    this.#records.bytes(hashes);
  }
}

class GrowingBytes {
  #room: Bytes;
  #length = 0;

  constructor(room: number) {
    this.#room = new Uint8Array(room);
  }

  get written(): Bytes {
    return this.#room.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#room[this.#length++] = value;
  }

  number(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.byte(value >>> shift);
  }

  bytes(bytes: Bytes): void {
    this.#reserve(bytes.length);
    this.#room.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#room.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.written);
    this.#room = grown;
  }
}
