import { findDefanged } from "@detente/intel/canonical";
import { codePointToLatin1 } from "./latin1.ts";

/** A piece of a log after decoding that still knows where each of its characters stood. */
export interface MappedText {
  readonly text: string;
  /** Offset in the line of each character, and of the end; absent while nothing was replaced. */
  readonly offsets: readonly number[] | undefined;
  /** Offset in the line of the piece. */
  readonly start: number;
}

/** Where in the line a character of the decoded text begins; `text.length` gives the end. */
export function offsetInLine({ offsets, start }: MappedText, at: number): number {
  return offsets === undefined ? start + at : (offsets[at] ?? start);
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** Undoes JSON's escapes (RFC 8259 §7), pairs of surrogates included. */
export function decodeJsonEscapes(piece: MappedText): MappedText {
  if (!piece.text.includes("\\")) return piece;
  return replaced(piece, /\\(?:u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|u([0-9a-f]{4})|([^u]))/gi, (match) => {
    const [, high, low, unit, short] = match;
    if (high !== undefined && low !== undefined) {
      return codePointToLatin1(((hex(high) & 0x3ff) << 10) + (hex(low) & 0x3ff) + 0x10000);
    }
    if (unit !== undefined) return codePointToLatin1(hex(unit));
    return SHORT_ESCAPES[short ?? ""] ?? (short as string);
  });
}

/** Undoes `\xHH` as Zeek, nginx and Apache write bytes that would break their lines. */
export function decodeHexEscapes(piece: MappedText): MappedText {
  if (!piece.text.includes("\\x")) return piece;
  return replaced(piece, /\\x([0-9A-Fa-f]{2})/g, (match) => String.fromCharCode(hex(match[1] as string)));
}

/** Undoes `#ooo`, as rsyslog and syslogd write control characters that a message had. */
export function decodeSyslogEscapes(piece: MappedText): MappedText {
  if (!piece.text.includes("#")) return piece;
  return replaced(piece, /#(0[0-3][0-7]|177)/g, (match) => {
    return String.fromCharCode(Number.parseInt(match[1] as string, 8));
  });
}

/** Undoes `%HH` (RFC 3986 §2.1). */
export function decodePercent(piece: MappedText): MappedText {
  if (!piece.text.includes("%")) return piece;
  return replaced(piece, /%([0-9a-f]{2})/gi, (match) => String.fromCharCode(hex(match[1] as string)));
}

/** Undoes defanging, by the same rule as for indicators. */
export function decodeDefanged(piece: MappedText): MappedText {
  if (!MAYBE_DEFANGED.test(piece.text)) return piece;
  return apply(
    piece,
    findDefanged(piece.text).map(({ start, end, meaning }) => ({ start, end, by: meaning })),
  );
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const MAYBE_DEFANGED = /[[({](?:[.:@/]|dot|at)|\\\.|h(?:xx|\*\*)p|fxp/i;

function hex(digits: string): number {
  return Number.parseInt(digits, 16);
}

/** Replaces what a pattern finds; a replacement stands where what it replaces began. */
export function replaced(piece: MappedText, pattern: RegExp, by: (match: RegExpExecArray) => string): MappedText {
  const replacements: Replacement[] = [];
  for (const match of piece.text.matchAll(pattern)) {
    replacements.push({ start: match.index, end: match.index + match[0].length, by: by(match) });
  }
  return apply(piece, replacements);
}

function apply(piece: MappedText, replacements: readonly Replacement[]): MappedText {
  if (replacements.length === 0) return piece;
  const offsets: number[] = [];
  let text = "";
  let from = 0;
  for (const { start, end, by } of replacements) {
    text += piece.text.slice(from, start) + by;
    for (let at = from; at < start; at++) offsets.push(offsetInLine(piece, at));
    for (let i = 0; i < by.length; i++) offsets.push(offsetInLine(piece, start));
    from = end;
  }
  for (let at = from; at <= piece.text.length; at++) offsets.push(offsetInLine(piece, at));
  return { text: text + piece.text.slice(from), offsets, start: piece.start };
}
