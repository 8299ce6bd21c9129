import { DecodedLines } from "../document/decoded-lines.ts";
import { DocumentReader, type Passage } from "../document/document-reader.ts";
import type { FlagCode, Hit, LogFormat } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";
import { LineScreener } from "../line-screener.ts";
import type { MappedText } from "../mapped-text.ts";
import { parseMailTime } from "./date.ts";
import { decodeEncodedWords } from "./encoded-words.ts";
import { decodeEntities } from "./html.ts";
import type { FactsCollector } from "./message-facts.ts";
import { type Entity, type Leaf, MimeWalker, type MimeVisitor, type Piece } from "./mime-walker.ts";
import { PartBody } from "./part-body.ts";

/** Hits of the header wait for its end, which tells the time; so many at most. */
const MAX_WAITING = 10_000;

/** What the screening of a message asks for and tells besides its hits. */
export interface MessageContext<Ref> {
  readonly index: IndicatorIndex<Ref>;
  readonly format: LogFormat;
  readonly flag: (code: FlagCode, line: number) => void;
  /** Gathers what the message claims to be, where somebody wants to know. */
  readonly facts: FactsCollector | undefined;
  /** Whether hits are to have the text around them. */
  readonly withContext: boolean;
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
  #part: PartBody | undefined;
  readonly #mailboxTime: number | null;
  #received: number | null = null;
  #date: number | null = null;

  /** @param line where the message begins; @param moment when its mailbox says that it came */
  constructor(context: MessageContext<Ref>, line: number, moment: number | null) {
    this.#context = context;
    this.#line = line;
    this.#walker = new MimeWalker(this, line);
    this.#reader = new DocumentReader(context.format);
    this.#mailboxTime = moment;
    this.#lines = new DecodedLines(new LineScreener(context.index, this.#reader, context.withContext), (hits) => {
      for (const hit of hits) this.#hits.push(hit);
    });
  }

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
    const { index, facts } = this.#context;
    const wanted = { digests: index.hasHashes, text: facts !== undefined };
    this.#part = new PartBody(leaf, wanted, (...decoded) => this.#lines.append(...decoded));
    if (this.#part.hasUnknownCharset) this.#context.flag("unknown-charset", leaf.line);
    const unescape = leaf.type.value === "text/html" ? decodeEntities : asItStands;
    this.#begin({ field: fieldName(leaf.path), isWhole: false, unescape });
  }

  body(piece: Piece, startsLine: boolean): void {
    this.#part?.take(piece, startsLine);
  }

  bodyEnd(): void {
    const part = this.#part;
    if (part === undefined) return;
    this.#part = undefined;
    part.end();
    this.#lines.endLine();
    const { leaf, text } = part;
    if (part.isDamaged) this.#context.flag("bad-encoding", leaf.line);
    for (const [algorithm, digest] of part.digests()) this.#findDigest(leaf, algorithm, digest);
    if (text === undefined) return;
    if (text.isCut) this.#context.flag("long-part", leaf.line);
    this.#context.facts?.body(fieldName(leaf.path), text.text, leaf.type.value === "text/html", text.lineOf);
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

  #findDigest({ path, line }: Leaf, algorithm: string, match: string): void {
    const field = fieldName(path, algorithm);
    for (const indicator of this.#context.index.hash(match)) {
      this.#hits.push({ indicator, line, column: 1, field, time: null, class: "exact-field", match });
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

/** `from`, `part.2`, `part.2.content-type`: a header field, a part's body, a part's header field or digest. */
function fieldName(path: readonly number[], name?: string): string {
  const part = path.length === 0 ? [] : ["part", ...path];
  return [...part, ...(name === undefined ? [] : [name])].join(".");
}
