import { type Bytes, type Json, present, type Result } from "@detente/basics";
import { type PlainBody, type PlainLeaf, STATEMENT_TYPES } from "@detente/record";
import { type BundleLine, type BundleLineFault, parseBundleLine } from "./bundle-format.ts";
import { type BodyReading, type LeafReading, readAnyBody, readingOf, readLeaf } from "./reading.ts";

/**
 * Lines of a record file with all done that can be done to each by itself: decoded, digested and, where they are as
 * nearly all are, read. What a thread hands to another; a thread trusts what its own process made.
 */
export interface PackedLines {
  /** Record after record, see `PackWriter`. */
  readonly records: Bytes;
  /** What the plain bodies say, in their order. */
  readonly contents: readonly Json[];
}

/** A line, as far as it can be judged by itself. */
export type PackedLine =
  | { readonly form: "entry"; readonly leafHash: Bytes; readonly reading: LeafReading }
  | { readonly form: "body"; readonly digest: Bytes; readonly reading: BodyReading }
  | { readonly form: "blob"; readonly digest: Bytes }
  | { readonly form: "other"; readonly line: Result<BundleLine, BundleLineFault> };

/** What a record is; behind this byte come its parts, numbers in four bytes, little-endian. */
const RECORD = {
  /** Leaf hash, size of the body, type, number of hashes, hashes. */
  plainEntry: 0,
  /** Leaf hash, length, leaf. */
  entry: 1,
  /** Digest, size, name, number of references, references. */
  plainBody: 2,
  /** Digest, length, body. */
  body: 3,
  /** Digest. */
  blob: 4,
  /** Length, line. */
  line: 5,
  tooLong: 6,
} as const;

const TYPES: readonly PlainLeaf["type"][] = [...STATEMENT_TYPES, "sealed"];
const TYPE_CODES: ReadonlyMap<string, number> = new Map(TYPES.map((type, code) => [type, code]));
const HASH_SIZE = 32;
/** Bytes that a pack has room for before it grows: a mebibyte of lines. */
const ROOM = 1 << 20;

export class PackWriter {
  #records: Bytes = new Uint8Array(ROOM);
  #length = 0;
  #contents: Json[] = [];

  /** Whatever was written since the last time. */
  take(): PackedLines {
    const packed = { records: this.#records.subarray(0, this.#length), contents: this.#contents };
    this.#records = new Uint8Array(ROOM);
    this.#length = 0;
    this.#contents = [];
    return packed;
  }

  plainEntry(leafHash: Bytes, { type, size, hashes }: PlainLeaf): void {
    this.#begin(RECORD.plainEntry, leafHash, size, 2 + hashes.length);
    this.#byte(present(TYPE_CODES.get(type), "the code of a type"));
    this.#hashes(hashes);
  }

  entry(leafHash: Bytes, leaf: Bytes): void {
    this.#begin(RECORD.entry, leafHash, leaf.length, leaf.length);
    this.#bytes(leaf);
  }

  plainBody(digest: Bytes, size: number, { name, content, references }: PlainBody): void {
    this.#begin(RECORD.plainBody, digest, size, 2 + references.length);
    this.#byte(name);
    this.#hashes(references);
    this.#contents.push(content as unknown as Json);
  }

  body(digest: Bytes, body: Bytes): void {
    this.#begin(RECORD.body, digest, body.length, body.length);
    this.#bytes(body);
  }

  blob(digest: Bytes): void {
    this.#reserve(1 + HASH_SIZE);
    this.#byte(RECORD.blob);
    this.#bytes(digest);
  }

  line(line: Bytes | undefined): void {
    this.#reserve(5 + (line?.length ?? 0));
    this.#byte(line === undefined ? RECORD.tooLong : RECORD.line);
    if (line === undefined) return;
    this.#number(line.length);
    this.#bytes(line);
  }

  #begin(record: number, hash: Bytes, number: number, rest: number): void {
    this.#reserve(1 + HASH_SIZE + 4 + rest);
    this.#byte(record);
    this.#bytes(hash);
    this.#number(number);
  }

  #hashes(hashes: Bytes): void {
    this.#byte(hashes.length / HASH_SIZE);
    this.#bytes(hashes);
  }

  #byte(value: number): void {
    this.#records[this.#length++] = value;
  }

  #number(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.#byte(value >>> shift);
  }

  #bytes(bytes: Bytes): void {
    this.#records.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#records.length) return;
    const grown = new Uint8Array(2 * (this.#length + length));
    grown.set(this.#records.subarray(0, this.#length));
    this.#records = grown;
  }
}

/** Gives packed lines one by one. The bytes of a line are views of the pack. */
export class PackReader {
  readonly #records: Bytes;
  readonly #contents: readonly Json[];
  #at = 0;
  #bodies = 0;

  constructor({ records, contents }: PackedLines) {
    this.#records = records;
    this.#contents = contents;
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
        const type = present(TYPES[this.#byte()], "a type of a packed leaf");
        return { form: "entry", leafHash, reading: { type, size, hashes: this.#hashes() } };
      }
      case RECORD.entry:
        return { form: "entry", leafHash: this.#bytes(HASH_SIZE), reading: readLeaf(this.#bytes(this.#number())) };
      case RECORD.plainBody: {
        const digest = this.#bytes(HASH_SIZE);
        const size = this.#number();
        const name = this.#byte();
        const content = this.#contents[this.#bodies++] as unknown as PlainBody["content"];
        return { form: "body", digest, reading: readingOf({ name, content, references: this.#hashes() }, size) };
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
