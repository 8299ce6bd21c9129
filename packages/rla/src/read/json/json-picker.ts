import { utf8, utf8Decode } from "@detente/basics";
import { LIMITS } from "../input.ts";
import { BROKEN, INCOMPLETE, skipSpace, skipValue, TOO_DEEP } from "./skip-value.ts";

/** Which members of an element are wanted: a leaf is taken whole, an array's elements are all alike. */
export type Shape = "leaf" | readonly [Shape] | { readonly [member: string]: Shape };

type Plan =
  | { readonly kind: "leaf" }
  | { readonly kind: "array"; readonly of: Plan }
  | { readonly kind: "object"; readonly members: readonly Wanted[] };

interface Wanted {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of its own among the members of its object, of which there are at most 31. */
  readonly bit: number;
  readonly plan: Plan;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses of a JSON value only what is wanted. An export's sessions are nine parts in ten what an audit does not ask
 * for; to skip that costs a quarter of what it costs to parse it. A wanted member that stands twice is refused, since
 * other software might read the other one.
 */
export class JsonPicker {
  /** Of the last pick. */
  value: unknown = undefined;
  readonly #plan: Plan;
  #bytes: Uint8Array = new Uint8Array(0);
  /** While picking, the offset; after a failure its code. */
  #at = 0;
  #depth = 0;

  constructor(shape: Shape) {
    this.#plan = planOf(shape);
  }

  /** The offset behind the value that begins at `from`, or one of the codes of `skip-value.ts`. */
  pick(bytes: Uint8Array, from: number): number {
    this.#bytes = bytes;
    this.#at = from;
    this.#depth = 0;
    this.value = this.#read(this.#plan);
    return this.#at;
  }

  #read(plan: Plan): unknown {
    const first = this.#bytes[this.#at];
    if (first === undefined) return this.#fail(INCOMPLETE);
    if (plan.kind === "object" && first === 0x7b) return this.#object(plan.members);
    if (plan.kind === "array" && first === 0x5b) return this.#array(plan.of);
    return this.#leaf(first);
  }

  #object(members: readonly Wanted[]): unknown {
    if (++this.#depth > LIMITS.depth) return this.#fail(TOO_DEEP);
    const bytes = this.#bytes;
    const length = bytes.length;
    const object: Record<string, unknown> = {};
    let seen = 0;
    // A local offset: this is where most of the time goes.
    let at = skipSpace(bytes, this.#at + 1);
    for (let isFirst = true; ; isFirst = false) {
      if (at >= length) return this.#fail(INCOMPLETE);
      if (isFirst && bytes[at] === CLOSE_OBJECT) break;
      if (bytes[at] !== QUOTE) return this.#fail(BROKEN);
      const key = at++;
      let isEscaped = false;
      for (; at < length; at++) {
        const code = bytes[at] as number;
        if (code === QUOTE) break;
        if (code === BACKSLASH) {
          isEscaped = true;
          at++;
        }
      }
      const wanted = find(members, bytes, key, at, isEscaped);
      at = skipSpace(bytes, at + 1);
      if (at >= length) return this.#fail(INCOMPLETE);
      if (bytes[at] !== COLON) return this.#fail(BROKEN);
      at = skipSpace(bytes, at + 1);
      if (at >= length) return this.#fail(INCOMPLETE);
      if (wanted === undefined) {
        at = skipValue(bytes, at, this.#depth);
        if (at < 0) return this.#fail(at);
      } else {
        if ((seen & wanted.bit) !== 0) return this.#fail(BROKEN);
        seen |= wanted.bit;
        this.#at = at;
        object[wanted.name] = this.#read(wanted.plan);
        at = this.#at;
        if (at < 0) return undefined;
      }
      at = skipSpace(bytes, at);
      if (at >= length) return this.#fail(INCOMPLETE);
      if (bytes[at] === CLOSE_OBJECT) break;
      if (bytes[at] !== COMMA) return this.#fail(BROKEN);
      at = skipSpace(bytes, at + 1);
    }
    this.#at = at + 1;
    this.#depth--;
    return object;
  }

  #array(of: Plan): unknown {
    if (++this.#depth > LIMITS.depth) return this.#fail(TOO_DEEP);
    const elements: unknown[] = [];
    this.#skip(1);
    for (let isFirst = true; ; isFirst = false) {
      if (this.#bytes[this.#at] === CLOSE_ARRAY && isFirst) break;
      elements.push(this.#read(of));
      if (this.#at < 0) return undefined;
      this.#skip(0);
      if (this.#bytes[this.#at] === CLOSE_ARRAY) break;
      if (this.#bytes[this.#at] !== COMMA) return this.#fail(BROKEN);
      this.#skip(1);
    }
    this.#at++;
    this.#depth--;
    return elements;
  }

  #leaf(first: number): unknown {
    const bytes = this.#bytes;
    const start = this.#at;
    const end = skipValue(bytes, start, this.#depth);
    if (end < 0) return this.#fail(end);
    this.#at = end;
    const number = digits(bytes, start, end);
    if (number >= 0) return number;
    const isString = first === QUOTE;
    const text = utf8Decode(bytes.subarray(start, end));
    if (text === undefined) return this.#fail(BROKEN);
    if (isString && !text.includes("\\") && !/[\u0000-\u001f]/.test(text)) return text.slice(1, -1);
    if (text === "true") return true;
    if (text === "false") return false;
    try {
      return JSON.parse(text);
    } catch {
      return this.#fail(BROKEN);
    }
  }

  /** Goes on by some bytes and over white space. */
  #skip(count: number): void {
    this.#at = skipSpace(this.#bytes, this.#at + count);
  }

  /** @param code `BROKEN` where the bytes end means that more of them are needed */
  #fail(code: number): undefined {
    this.#at = code === BROKEN && this.#at >= this.#bytes.length ? INCOMPLETE : code;
  }
}

function planOf(shape: Shape): Plan {
  if (shape === "leaf") return { kind: "leaf" };
  if (Array.isArray(shape)) return { kind: "array", of: planOf(shape[0] as Shape) };
  const members = Object.entries(shape as { readonly [member: string]: Shape });
  return {
    kind: "object",
    members: members.map(([name, of], i) => ({ name, bytes: utf8(name), bit: 1 << i, plan: planOf(of) })),
  };
}

/** @param start of the key's first quote; `end` is its last one's */
function find(
  members: readonly Wanted[],
  bytes: Uint8Array,
  start: number,
  end: number,
  isEscaped: boolean,
): Wanted | undefined {
  if (isEscaped) {
    // A name that is written with escapes might be a wanted one.
    const text = utf8Decode(bytes.subarray(start, end + 1));
    return members.find(({ name }) => JSON.stringify(name) === unescaped(text));
  }
  const length = end - start - 1;
  for (let k = 0; k < members.length; k++) {
    const wanted = members[k] as Wanted;
    const name = wanted.bytes;
    if (name.length !== length || name[0] !== bytes[start + 1]) continue;
    let i = 1;
    while (i < length && name[i] === bytes[start + 1 + i]) i++;
    if (i === length) return wanted;
  }
  return undefined;
}

function unescaped(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A short whole number, the commonest leaf; -1 where it is none. */
function digits(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 9 || (bytes[start] === 0x30 && end - start > 1)) return -1;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
}
