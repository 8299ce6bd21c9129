import { isAscii, latin1ToBytes } from "../latin1.ts";

/** A stretch of a token between characters that cannot stand in a name. */
export interface UnicodePart {
  readonly start: number;
  readonly end: number;
  /** The decoded name when it is not ASCII, without outer dots; absent when it is. */
  readonly name: string | undefined;
}

/** Characters of internationalised names: letters, marks, digits, the dots of UTS 46, and what UTS 46 drops. */
const NAME_CHARACTER = /^[\p{L}\p{M}\p{N}._\u3002\uff0e\uff61\u00ad\u200b-\u200d\u2060\ufeff-]$/u;
const DOTS = /[.\u3002\uff0e\uff61]/;
const OUTER_DOTS = /^[.\u3002\uff0e\uff61]+|[.\u3002\uff0e\uff61]+$/g;
/** A U-label of 63 characters may take four bytes a character; longer parts are no names. */
const MAX_PART = 1024;

/**
 * Splits a token with bytes beyond ASCII at characters that no name has (quotation marks, dashes, no-break spaces,
 * bytes that are no UTF-8), so that “evil.example” is found in its quotes.
 */
export function* splitUnicode(text: string, start: number, end: number): Generator<UnicodePart> {
  let from = start;
  for (let at = start; at < end;) {
    const length = characterLength(text, at, end);
    const character = length === 0 ? undefined : decode(text.slice(at, at + length));
    // What is no character ends a name and no more: the ASCII behind a stray first byte stands for itself.
    const next = at + (character === undefined ? 1 : length);
    if (character === undefined || !NAME_CHARACTER.test(character)) {
      if (from < at) yield* partOf(text, from, at);
      from = next;
    }
    at = next;
  }
  if (from < end) yield* partOf(text, from, end);
}

function* partOf(text: string, start: number, end: number): Generator<UnicodePart> {
  if (end - start > MAX_PART) return;
  const raw = text.slice(start, end);
  if (isAscii(raw)) return yield { start, end, name: undefined };
  const name = (decode(raw) ?? "").replace(OUTER_DOTS, "");
  if (DOTS.test(name)) yield { start, end, name };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(raw: string): string | undefined {
  if (isAscii(raw)) return raw;
  try {
    return utf8.decode(latin1ToBytes(raw));
  } catch {
    return undefined;
  }
}

/** Bytes of the UTF-8 character at an offset by its first byte; 0 if none begins there. */
function characterLength(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  const length = code < 0x80 ? 1 : code < 0xc2 ? 0 : code < 0xe0 ? 2 : code < 0xf0 ? 3 : code < 0xf5 ? 4 : 0;
  return at + length <= end ? length : 0;
}
