import type { FlagCode } from "../hit.ts";
import { type Parameterised, parseParameters } from "./parameters.ts";

/** A line of a message without its end, or a piece of one that is over the limit. */
export interface Piece {
  /** One character for each byte. */
  readonly text: string;
  /** Of the file, from 1. */
  readonly line: number;
  /** Of the text in its line, from 1. */
  readonly column: number;
}

/** A message or a part of one: what has a header. */
export interface Entity {
  /** As IMAP numbers parts (RFC 9051 §6.4.5.1); empty for the message itself. */
  readonly path: readonly number[];
  /** Whether it is a message, be it inside another one. */
  readonly isMessage: boolean;
  /** Where its header begins. */
  readonly line: number;
}

/** A part with a body of its own. */
export interface Leaf {
  readonly path: readonly number[];
  readonly line: number;
  readonly type: Parameterised;
  readonly encoding: string;
  readonly isAttachment: boolean;
}

/** What the walker calls what a message is made of, in the order of its lines. */
export interface MimeVisitor {
  /** A line of a header field: its first, after the colon and blanks, or one that continues it. */
  header(entity: Entity, name: string, piece: Piece, isFirst: boolean): void;
  /** A field that has ended, unfolded and cut to 64 KiB; `line` is its first. */
  field(entity: Entity, name: string, value: string, line: number): void;
  headerEnd(entity: Entity): void;
  bodyBegin(leaf: Leaf): void;
  body(piece: Piece, startsLine: boolean): void;
  bodyEnd(): void;
  /** What stands before, between and after parts, where programs that know MIME show nothing. */
  between(piece: Piece, startsLine: boolean): void;
  flag(code: FlagCode, line: number): void;
}

/** Deeper parts are read as text; mail that people send stays below ten. */
const MAX_DEPTH = 32;
const MAX_FIELD = 64 * 1024;
/** What says how a body is to be read. */
const CONTENT_FIELDS: ReadonlySet<string> = new Set([
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
]);
const FIELD = /^([!-9;-~]{1,200})[ \t]*:[ \t]*/;

interface Container {
  readonly boundary: string;
  readonly path: readonly number[];
  readonly isDigest: boolean;
  readonly depth: number;
  children: number;
}

/** Takes a message apart, line by line, holding a header field at most (RFC 5322 §2.2, RFC 2046 §5.1). */
export class MimeWalker {
  readonly #visitor: MimeVisitor;
  readonly #containers: Container[] = [];
  #mode: "header" | "body" | "between" = "header";
  #entity: Entity;
  #depth = 0;
  /** The default type inside multipart/digest is a message (RFC 2046 §5.1.5). */
  #isInDigest = false;
  #field: { readonly name: string; readonly line: number; value: string } | undefined;
  #content = new Map<string, string>();

  /** @param line where the message's header begins */
  constructor(visitor: MimeVisitor, line: number) {
    this.#visitor = visitor;
    this.#entity = { path: [], isMessage: true, line };
  }

  /** @param startsLine whether the piece begins a line */
  take(piece: Piece, startsLine: boolean): void {
    if (startsLine && piece.text.startsWith("--") && this.#takeBoundary(piece)) return;
    if (this.#mode === "header" && this.#takeHeader(piece, startsLine)) return;
    if (this.#mode === "body") this.#visitor.body(piece, startsLine);
    else this.#visitor.between(piece, startsLine);
  }

  end(): void {
    if (this.#mode === "header") this.#endHeader(this.#entity.line);
    if (this.#mode === "body") this.#visitor.bodyEnd();
  }

  /** @returns false for a line that is no header's and so begins the body */
  #takeHeader(piece: Piece, startsLine: boolean): boolean {
    const { text, line, column } = piece;
    const known = this.#field;
    if (known !== undefined && (!startsLine || /^[ \t]/.test(text))) {
      this.#visitor.header(this.#entity, known.name, piece, false);
      known.value += text.slice(0, MAX_FIELD - known.value.length);
      return true;
    }
    this.#endField();
    const [start = "", name] = FIELD.exec(text) ?? [];
    if (name === undefined) {
      this.#endHeader(line);
      return text === "";
    }
    this.#field = { name: name.toLowerCase(), line, value: text.slice(start.length, MAX_FIELD) };
    const rest = { text: text.slice(start.length), line, column: column + start.length };
    this.#visitor.header(this.#entity, this.#field.name, rest, true);
    return true;
  }

  #endField(): void {
    const field = this.#field;
    if (field === undefined) return;
    this.#field = undefined;
    this.#visitor.field(this.#entity, field.name, field.value, field.line);
    // The first of several counts; programs differ, and the others are screened all the same.
    if (CONTENT_FIELDS.has(field.name) && !this.#content.has(field.name)) {
      this.#content.set(field.name, field.value);
    }
  }

  #endHeader(line: number): void {
    this.#endField();
    this.#visitor.headerEnd(this.#entity);
    const entity = this.#entity;
    const content = (name: string): string => this.#content.get(name) ?? "";
    const type = parseParameters(content("content-type") || (this.#isInDigest ? "message/rfc822" : "text/plain"));
    const encoding = parseParameters(content("content-transfer-encoding")).value;
    const disposition = parseParameters(content("content-disposition"));
    const boundary = type.parameters.get("boundary")?.trimEnd();
    const isMultipart = type.value.startsWith("multipart/") && boundary !== undefined && boundary !== "";
    const isMessage =
      /^message\/(?:rfc822|global)$/.test(type.value) && !/^(?:base64|quoted-printable)$/.test(encoding);
    const isTooDeep = (isMultipart || isMessage) && this.#depth >= MAX_DEPTH;
    if (isTooDeep) this.#visitor.flag("deep-nesting", line);
    if (isMultipart && !isTooDeep) {
      const isDigest = type.value === "multipart/digest";
      const container = { boundary, path: entity.path, isDigest, depth: ++this.#depth, children: 0 };
      this.#containers.push(container);
      this.#mode = "between";
    } else if (isMessage && !isTooDeep) {
      this.#depth++;
      this.#begin({ path: entity.path, isMessage: true, line: line + 1 }, false);
    } else {
      this.#mode = "body";
      const path = entity.isMessage ? [...entity.path, 1] : entity.path;
      const isAttachment =
        disposition.value === "attachment" || disposition.parameters.has("filename") || type.parameters.has("name");
      this.#visitor.bodyBegin({ path, line: entity.line, type, encoding, isAttachment });
    }
  }

  #begin(entity: Entity, isInDigest: boolean): void {
    this.#entity = entity;
    this.#isInDigest = isInDigest;
    this.#content = new Map();
    this.#mode = "header";
  }

  /** An outer boundary ends all inner parts; parts after a closing one are read too, as some programs show them. */
  #takeBoundary(piece: Piece): boolean {
    const line = piece.text.trimEnd();
    const found = this.#containers.findLastIndex(
      ({ boundary }) => line === `--${boundary}` || line === `--${boundary}--`,
    );
    const container = this.#containers[found];
    if (container === undefined) return false;
    this.end();
    this.#field = undefined;
    this.#containers.length = found + 1;
    this.#depth = container.depth;
    this.#visitor.between(piece, true);
    if (line.length > container.boundary.length + 2) this.#mode = "between";
    else {
      container.children++;
      const path = [...container.path, container.children];
      this.#begin({ path, isMessage: false, line: piece.line + 1 }, container.isDigest);
    }
    return true;
  }
}
