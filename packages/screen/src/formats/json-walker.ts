/** What the walker calls a JSON text's parts; offsets are inside the quotes. */
export interface JsonVisitor {
  /** A string value, or the name of a member: both may carry an indicator. */
  string(start: number, end: number, isName: boolean): void;
  /** What stands between strings: punctuation, numbers and literals, or anything in a line that is no JSON. */
  other(start: number, end: number): void;
}

/** Deeper levels are walked but have no path of their own. */
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Walks a line of JSON without building its value: offsets are kept, nesting costs no stack, and what is not JSON is
 * visited all the same. `path()` is the place of the string that is being visited.
 */
export class JsonWalker {
  #line = "";
  #depth = 0;
  readonly #isObject: boolean[] = [];
  /** The name of the current member at each depth: its offsets. */
  readonly #nameStart: number[] = [];
  readonly #nameEnd: number[] = [];

  /** @returns whether brackets and quotes were balanced */
  walk(line: string, visitor: JsonVisitor): boolean {
    this.#line = line;
    this.#depth = 0;
    let isName = false;
    let from = 0;
    let lowest = 0;
    for (let at = 0; at < line.length; at++) {
      switch (line.charCodeAt(at)) {
        case QUOTE: {
          if (from < at) visitor.other(from, at);
          const end = endOfString(line, at + 1);
          if (isName) this.#setName(at + 1, end);
          visitor.string(at + 1, end, isName);
          if (end === line.length) return false;
          at = end;
          from = end + 1;
          break;
        }
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          isName = line.charCodeAt(at) === OPEN_OBJECT;
          this.#open(isName);
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          this.#depth--;
          lowest = Math.min(lowest, this.#depth);
          isName = false;
          break;
        case COMMA:
          isName = this.#isObject[this.#depth] === true;
          break;
        case COLON:
          isName = false;
          break;
      }
    }
    if (from < line.length) visitor.other(from, line.length);
    return this.#depth === 0 && lowest === 0;
  }

  /** How deep the visited string lies: 1 for a member of the outermost object. */
  get depth(): number {
    return this.#depth;
  }

  /** Whether the member at a depth has this name. */
  isNamed(depth: number, name: string): boolean {
    const start = this.#nameStart[depth];
    return start !== undefined && this.#nameEnd[depth] === start + name.length && this.#line.startsWith(name, start);
  }

  /** Names from the outermost member down, joined by dots; elements of arrays go by their array's name. */
  readonly path = (): string => {
    const names: string[] = [];
    for (let depth = 1; depth <= Math.min(this.#depth, MAX_DEPTH); depth++) {
      if (this.#isObject[depth] === true) names.push(this.#line.slice(this.#nameStart[depth], this.#nameEnd[depth]));
    }
    return names.join(".");
  };

  #open(isObject: boolean): void {
    this.#depth++;
    if (this.#depth < 1 || this.#depth > MAX_DEPTH) return;
    this.#isObject[this.#depth] = isObject;
    this.#setName(0, 0);
  }

  #setName(start: number, end: number): void {
    if (this.#depth < 1 || this.#depth > MAX_DEPTH) return;
    this.#nameStart[this.#depth] = start;
    this.#nameEnd[this.#depth] = end;
  }
}

function endOfString(line: string, from: number): number {
  for (let quote = line.indexOf('"', from); quote >= 0; quote = line.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - 1 - backslashes >= from && line.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return line.length;
}
