import { type FileHasher, fileHasher } from "@detente/basics";
import { DecodedLines } from "../document/decoded-lines.ts";
import { DocumentReader, type Passage } from "../document/document-reader.ts";
import type { FlagCode, Hit, LogFormat } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";
import { latin1ToBytes } from "../latin1.ts";
import { LineScreener } from "../line-screener.ts";
import type { MappedText } from "../mapped-text.ts";
import { AS_BYTES, type CharsetDecoder, charsetDecoder } from "./charset.ts";
import { parseMailTime } from "./date.ts";
import { decodeEncodedWords } from "./encoded-words.ts";
import { decodeEntities } from "./html.ts";
import type { FactsCollector } from "./message-facts.ts";
import { type Entity, type Leaf, MimeWalker, type MimeVisitor, type Piece } from "./mime-walker.ts";
import { type Run, type TransferDecoder, transferDecoder } from "./transfer.ts";

/** Hits of the header wait for its end, which tells the time; so many at most. */
const MAX_WAITING = 10_000;
/** Of a text, so much is looked through for links. */
const MAX_BODY = 1024 * 1024;

/** What the screening of a message asks for and tells besides its hits. */
export interface MessageContext<Ref> {
  readonly index: IndicatorIndex<Ref>;
  readonly format: LogFormat;
  readonly flag: (code: FlagCode, line: number) => void;
  /** Gathers what the message claims to be, where somebody wants to know. */
  readonly facts: FactsCollector | undefined;
}

/** A part while its body is read. */
interface OpenPart {
  readonly leaf: Leaf;
  readonly decoder: TransferDecoder;
  readonly charset: CharsetDecoder;
  /** By the line end that they take lines to end with: a file in base64 has its own. */
  readonly hashers: readonly { readonly hasher: FileHasher; readonly lineEnd: string }[];
  /** The decoded text, as far as it is looked through for links. */
  text: string | undefined;
  /** Where in that text each line of the file begins. */
  readonly lines: { readonly at: number; readonly line: number }[];
}

/**
 * Screens one message: its header fields unfolded and decoded, every part decoded whatever type it claims to have,
 * attachments by their digests too. Memory is bounded by a decoded line of 1 MiB and as much text for links.
 */
export class MessageScreener<Ref> implements MimeVisitor {
  readonly #context: MessageContext<Ref>;
  readonly #line: number;
  readonly #walker: MimeWalker;
  readonly #reader: DocumentReader;
  readonly #lines: DecodedLines<Ref>;
  #hits: Hit<Ref>[] = [];
  #isInHeader = true;
  #part: OpenPart | undefined;

  /** @param line where the message begins; @param moment when its mailbox says that it came */
  constructor(context: MessageContext<Ref>, line: number, moment: number | null) {
    this.#context = context;
    this.#line = line;
    this.#walker = new MimeWalker(this, line);
    this.#reader = new DocumentReader(context.format);
    this.#mailboxTime = moment;
    this.#lines = new DecodedLines(new LineScreener(context.index, this.#reader), (hits) => this.#hits.push(...hits));
  }

  readonly #mailboxTime: number | null;
  #received: number | null = null;
  #date: number | null = null;

  /** When the message came: its newest Received field, which the last server wrote; else what it says itself. */
  get time(): number | null {
    return this.#received ?? this.#date ?? this.#mailboxTime;
  }

  take(piece: Piece, startsLine: boolean): readonly Hit<Ref>[] {
    this.#walker.take(piece, startsLine);
    return this.#isInHeader && this.#hits.length < MAX_WAITING ? [] : this.#release();
  }

  end(): readonly Hit<Ref>[] {
    this.#walker.end();
    this.#lines.endLine();
    return this.#release();
  }

  header(entity: Entity, name: string, { text, line, column }: Piece, isFirst: boolean): void {
    if (isFirst) this.#begin({ field: fieldName(entity.path, name), isWhole: true, unescape: decodeEncodedWords });
    this.#lines.append(text, line, column, 1);
  }

  field(entity: Entity, name: string, value: string, line: number): void {
    this.#lines.endLine();
    if (entity.path.length > 0) return;
    if (name === "received") this.#received ??= parseMailTime(value.slice(value.lastIndexOf(";") + 1));
    else if (name === "date") this.#date ??= parseMailTime(value);
    this.#context.facts?.field(name, value, line);
  }

  headerEnd(): void {
    this.#lines.endLine();
    this.#isInHeader = false;
  }

  bodyBegin(leaf: Leaf): void {
    const { type, encoding, path, line } = leaf;
    const isText = type.value.startsWith("text/");
    const isHtml = type.value === "text/html";
    const charset = charsetDecoder(isText ? (type.parameters.get("charset") ?? "") : "");
    if (charset === undefined) this.#context.flag("unknown-charset", line);
    const isFile = (leaf.isAttachment || !isText) && this.#context.index.hasHashes;
    const lineEnds = encoding === "base64" ? [""] : ["\n", "\r\n"];
    this.#part = {
      leaf,
      decoder: transferDecoder(encoding),
      charset: charset ?? AS_BYTES,
      hashers: isFile ? lineEnds.map((lineEnd) => ({ hasher: fileHasher(), lineEnd })) : [],
      text: isText && this.#context.facts !== undefined ? "" : undefined,
      lines: [],
    };
    this.#begin({ field: fieldName(path), isWhole: false, unescape: isHtml ? decodeEntities : asItStands });
  }

  body(piece: Piece, startsLine: boolean): void {
    const part = this.#part;
    if (part !== undefined) this.#decoded(part, part.decoder.decode(piece.text, startsLine), piece);
  }

  bodyEnd(): void {
    const part = this.#part;
    if (part === undefined) return;
    const { leaf, decoder, hashers, text, lines } = part;
    this.#decoded(part, decoder.end(), { text: "", line: leaf.line, column: 1 });
    this.#lines.endLine();
    if (decoder.isDamaged) this.#context.flag("bad-encoding", leaf.line);
    for (const { hasher } of hashers) this.#findDigests(leaf, Object.entries(hasher.digests()));
    if (text !== undefined) {
      if (text.length >= MAX_BODY) this.#context.flag("long-part", leaf.line);
      const lineOf = (offset: number): number => lines.findLast(({ at }) => at <= offset)?.line ?? leaf.line;
      this.#context.facts?.body(fieldName(leaf.path), text, leaf.type.value === "text/html", lineOf);
    }
    this.#part = undefined;
  }

  between({ text, line, column }: Piece, startsLine: boolean): void {
    if (startsLine) this.#begin({ field: "text", isWhole: false, unescape: asItStands });
    this.#lines.append(text, line, column, 1);
  }

  flag(code: FlagCode, line: number): void {
    this.#context.flag(code, line);
  }

  #begin(passage: Passage): void {
    this.#lines.endLine();
    this.#reader.passage = passage;
  }

  #decoded(part: OpenPart, runs: readonly Run[], { line, column }: Piece): void {
    for (const { text, at, ratio } of runs) {
      for (const { hasher, lineEnd } of part.hashers) {
        hasher.update(latin1ToBytes(ratio === 0 ? text.replace("\n", lineEnd) : text));
      }
      // Other character sets take as many bytes for ASCII: hits there keep their columns.
      for (const { 0: bytes, index } of part.charset === AS_BYTES
        ? [whole(text)]
        : text.matchAll(/[\0-\x7f]+|[^\0-\x7f]+/g)) {
        const readable = part.charset(bytes);
        const place = column + at + Math.floor(index * ratio);
        this.#lines.append(readable, line, place, (ratio * bytes.length) / Math.max(1, readable.length));
        keepText(part, readable, line);
      }
    }
  }

  #findDigests({ path, line }: Leaf, digests: readonly (readonly [string, string])[]): void {
    for (const [algorithm, match] of digests) {
      for (const indicator of this.#context.index.hash(match)) {
        const field = fieldName(path, algorithm);
        this.#hits.push({ indicator, line, column: 1, field, time: null, class: "exact-field", match });
      }
    }
  }

  #release(): readonly Hit<Ref>[] {
    if (this.#hits.length === 0) return [];
    const hits = this.#hits.map((hit) => ({ ...hit, time: this.time, message: this.#line }));
    this.#hits = [];
    return hits;
  }
}

function asItStands(piece: MappedText): MappedText {
  return piece;
}

/** A line's first run may be the end of the line before. */
function keepText(part: OpenPart, readable: string, line: number): void {
  if (part.text === undefined || part.text.length >= MAX_BODY) return;
  if (readable !== "\n" && part.lines.at(-1)?.line !== line) part.lines.push({ at: part.text.length, line });
  part.text += readable;
}

function whole(text: string): { readonly 0: string; readonly index: number } {
  return { 0: text, index: 0 };
}

/** `from`, `part.2`, `part.2.content-type`: a header field, a part's body, a part's header field or digest. */
function fieldName(path: readonly number[], name?: string): string {
  const part = path.length === 0 ? [] : ["part", ...path];
  return [...part, ...(name === undefined ? [] : [name])].join(".");
}
