/** Why a text that JSON.parse takes is still no I-JSON (RFC 7493), or too deep. */
export type ScanFlaw =
  | { readonly code: "duplicate-member"; readonly name: string; readonly at: number }
  | { readonly code: "not-i-json"; readonly at: number }
  | { readonly code: "too-deep"; readonly at: number };

/** A member of an object, or an element of a list, where it lies in the text. */
export interface JsonEntry {
  /** `undefined` in a list. */
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SCALAR = /[^\s,\]}]*/y;

/**
 * Walks a text that JSON.parse has accepted, for what JSON.parse does not tell: a name that stands twice in one object
 * (two readers would see two values), half a surrogate pair, and deep nesting.
 * @param maxDepth how many objects and lists may lie inside one another
 */
export function scanJson(text: string, maxDepth: number): ScanFlaw | undefined {
  /** The names of each open object so far; `undefined` for a list. */
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length;) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      const value = stringBetween(text, at, end);
      if (/\p{Surrogate}/u.test(value)) return { code: "not-i-json", at };
      const names = open.at(-1);
      if (expectsName && names !== undefined) {
        if (names.has(value)) return { code: "duplicate-member", name: value, at };
        names.add(value);
      }
      expectsName = false;
      at = end;
    } else if (isOpening(unit)) {
      if (open.length >= maxDepth) return { code: "too-deep", at };
      expectsName = unit === 0x7b;
      open.push(expectsName ? new Set() : undefined);
      at++;
    } else if (isClosing(unit)) {
      open.pop();
      expectsName = false;
      at++;
    } else {
      if (unit === COMMA) expectsName = open.at(-1) !== undefined;
      at++;
    }
  }
  return undefined;
}

/** The members or elements of the object or list that begins at `start`, in a text that JSON.parse has accepted. */
export function entriesAt(text: string, start: number): JsonEntry[] {
  const entries: JsonEntry[] = [];
  const isObject = text.charCodeAt(start) === 0x7b;
  for (let at = skip(text, start + 1); !isClosing(text.charCodeAt(at)); at = skip(text, at)) {
    let name: string | undefined;
    if (isObject) {
      const end = endOfString(text, at);
      name = stringBetween(text, at, end);
      at = skip(text, end);
    }
    const end = endOfValue(text, at);
    entries.push({ name, start: at, end });
    at = end;
  }
  return entries;
}

/** The next character that is neither white space nor a separator. */
function skip(text: string, from: number): number {
  let at = from;
  for (let unit = text.charCodeAt(at); unit <= 0x20 || unit === COMMA || unit === COLON; unit = text.charCodeAt(at))
    at++;
  return at;
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (!isOpening(first)) {
    SCALAR.lastIndex = start;
    SCALAR.test(text);
    return SCALAR.lastIndex;
  }
  let depth = 0;
  for (let at = start; ; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at) - 1;
    else if (isOpening(unit)) depth++;
    else if (isClosing(unit) && --depth === 0) return at + 1;
  }
}

function endOfString(text: string, open: number): number {
  for (let from = open + 1; ;) {
    const quote = text.indexOf('"', from);
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

function stringBetween(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}

function isOpening(unit: number): boolean {
  return unit === 0x7b || unit === 0x5b;
}

function isClosing(unit: number): boolean {
  return unit === 0x7d || unit === 0x5d;
}
