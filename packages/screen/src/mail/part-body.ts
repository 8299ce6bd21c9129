import { type FileHasher, fileHasher } from "@detente/basics";
import { latin1ToBytes } from "../latin1.ts";
import { AS_BYTES, type CharsetDecoder, charsetDecoder } from "./charset.ts";
import type { Leaf, Piece } from "./mime-walker.ts";
import { type Run, type TransferDecoder, transferDecoder } from "./transfer.ts";

/** Of a text, so much is kept to be looked through for links. */
const MAX_TEXT = 1024 * 1024;

/** A part's text, one character for each byte of UTF-8. */
export interface PartText {
  readonly text: string;
  readonly isCut: boolean;
  /** The line of the file for an offset of the text. */
  readonly lineOf: (offset: number) => number;
}

type Append = (text: string, line: number, column: number, ratio: number) => void;

/** Decodes the body of a part as its lines come: transfer encoding, then character set; and digests it as a file. */
export class PartBody {
  readonly leaf: Leaf;
  readonly hasUnknownCharset: boolean;
  readonly #append: Append;
  readonly #decoder: TransferDecoder;
  readonly #charset: CharsetDecoder;
  /** By what they take lines to end with; a file in base64 has line ends of its own. */
  readonly #hashers: readonly { readonly hasher: FileHasher; readonly lineEnd: string }[];
  #text: string | undefined;
  /** Where in the text each line of the file begins. */
  readonly #lines: { readonly at: number; readonly line: number }[] = [];

  /**
   * @param wanted whether the digests of files and the text of texts are asked for
   * @param append takes what was decoded, with its place in the file
   */
  constructor(leaf: Leaf, wanted: { readonly digests: boolean; readonly text: boolean }, append: Append) {
    const { type, encoding, isAttachment } = leaf;
    const isText = type.value.startsWith("text/");
    const charset = charsetDecoder(isText ? (type.parameters.get("charset") ?? "") : "");
    const lineEnds = encoding === "base64" ? [""] : ["\n", "\r\n"];
    const isFile = wanted.digests && (isAttachment || !isText);
    this.leaf = leaf;
    this.hasUnknownCharset = charset === undefined;
    this.#append = append;
    this.#decoder = transferDecoder(encoding);
    this.#charset = charset ?? AS_BYTES;
    this.#hashers = isFile ? lineEnds.map((lineEnd) => ({ hasher: fileHasher(), lineEnd })) : [];
    this.#text = wanted.text && isText ? "" : undefined;
  }

  take(piece: Piece, startsLine: boolean): void {
    for (const run of this.#decoder.decode(piece.text, startsLine)) this.#takeRun(run, piece);
  }

  end(): void {
    for (const run of this.#decoder.end()) this.#takeRun(run, { line: this.leaf.line, column: 1 });
  }

  get isDamaged(): boolean {
    return this.#decoder.isDamaged;
  }

  /** Algorithms and digests in hexadecimal; to be asked for once, after the end. */
  digests(): readonly (readonly [algorithm: string, digest: string])[] {
    return this.#hashers.flatMap(({ hasher }) => Object.entries(hasher.digests()));
  }

  get text(): PartText | undefined {
    const text = this.#text;
    if (text === undefined) return undefined;
    return { text, isCut: text.length >= MAX_TEXT, lineOf: (offset) => this.#lineOf(offset) };
  }

  #lineOf(offset: number): number {
    let low = 0;
    for (let high = this.#lines.length; high - low > 1;) {
      const middle = (low + high) >>> 1;
      if ((this.#lines[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return this.#lines[low]?.line ?? this.leaf.line;
  }

  #takeRun({ text, at, ratio }: Run, { line, column }: Omit<Piece, "text">): void {
    for (const { hasher, lineEnd } of this.#hashers) {
      hasher.update(latin1ToBytes(ratio === 0 ? text.replace("\n", lineEnd) : text));
    }
    if (this.#charset === AS_BYTES) return this.#takeText(text, line, column + at, ratio);
    // Other character sets take as many bytes for ASCII: hits there keep their columns.
    for (const { 0: bytes, index } of text.matchAll(/[\0-\x7f]+|[^\0-\x7f]+/g)) {
      const readable = this.#charset(bytes);
      const place = column + at + Math.floor(index * ratio);
      this.#takeText(readable, line, place, (ratio * bytes.length) / Math.max(1, readable.length));
    }
  }

  #takeText(text: string, line: number, column: number, ratio: number): void {
    this.#append(text, line, column, ratio);
    if (this.#text === undefined || this.#text.length >= MAX_TEXT) return;
    // A line's first run may be the end of the line before.
    if (text !== "\n" && this.#lines.at(-1)?.line !== line) this.#lines.push({ at: this.#text.length, line });
    this.#text += text;
  }
}
