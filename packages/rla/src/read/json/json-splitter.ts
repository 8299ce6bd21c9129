import { utf8Decode } from "@detente/basics";
import type { RowFault } from "../fault.ts";
import { LIMITS } from "../input.ts";
import type { JsonPicker } from "./json-picker.ts";
import { BROKEN, INCOMPLETE, skipSpace, skipString, skipValue, TOO_DEEP } from "./skip-value.ts";

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What the splitter waits for outside of elements. */
type Awaited = "document" | "key" | "colon" | "value" | "element" | "after-element" | "after-member" | "end";

/** What the splitter has found; offsets are in the bytes fed last. */
export interface Found {
  readonly key: string;
  readonly isElement: boolean;
  readonly start: number;
  readonly end: number;
  /** Of the file, on which it begins. */
  readonly line: number;
  /** What a picker made of it. */
  readonly value: unknown;
}

/**
 * Finds in a JSON object (RFC 8259) that comes in pieces the members of the top level, and of those that are arrays the
 * elements: cards by the million need not be in memory at once. It looks at brackets and quotes only; whether an
 * element is JSON is for whoever parses it.
 */
export class JsonSplitter {
  readonly #found: (found: Found) => void;
  readonly #pickers: ReadonlyMap<string, JsonPicker>;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #line = 1;
  #awaited: Awaited = "document";
  #key = "";
  #isFirst = true;

  /** @param pickers by the array whose elements they pick from */
  constructor(found: (found: Found) => void, pickers: ReadonlyMap<string, JsonPicker>) {
    this.#found = found;
    this.#pickers = pickers;
  }

  get line(): number {
    return this.#line;
  }

  get isComplete(): boolean {
    return this.#awaited === "end";
  }

  /** The bytes that are not done with. */
  get rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  /** @param bytes the rest, then more */
  feed(bytes: Uint8Array): RowFault | undefined {
    this.#bytes = bytes;
    this.#at = 0;
    for (;;) {
      this.#skipSpace();
      if (this.#at >= bytes.length) return undefined;
      const at = this.#at;
      const fault = this.#step(bytes[at] as number);
      if (fault !== undefined) return fault;
      if (this.#at > at) continue;
      // Nothing was done: the value at hand goes on behind these bytes.
      if (bytes.length - at <= LIMITS.element) return undefined;
      return { code: "too-large", message: `an element is larger than ${LIMITS.element} bytes` };
    }
  }

  #step(code: number): RowFault | undefined {
    switch (this.#awaited) {
      case "document":
        return code === OPEN_OBJECT ? this.#go("key", true) : this.#unexpected();
      case "key":
        if (code === CLOSE_OBJECT && this.#isFirst) return this.#go("end");
        return code === QUOTE ? this.#readKey() : this.#unexpected();
      case "colon":
        return code === COLON ? this.#go("value") : this.#unexpected();
      case "value":
        return code === OPEN_ARRAY ? this.#go("element", true) : this.#readValue(false);
      case "element":
        if (code === CLOSE_ARRAY && this.#isFirst) return this.#go("after-member");
        return this.#readValue(true);
      case "after-element":
        if (code === COMMA) return this.#go("element");
        return code === CLOSE_ARRAY ? this.#go("after-member") : this.#unexpected();
      case "after-member":
        if (code === COMMA) return this.#go("key");
        return code === CLOSE_OBJECT ? this.#go("end") : this.#unexpected();
      case "end":
        return this.#unexpected();
    }
  }

  #go(awaited: Awaited, isFirst = false): undefined {
    this.#awaited = awaited;
    this.#isFirst = isFirst;
    this.#at++;
  }

  #readKey(): RowFault | undefined {
    const start = this.#at;
    const end = skipString(this.#bytes, start);
    if (end < 0) return undefined;
    const key = parse(this.#bytes, start, end);
    if (typeof key !== "string") return this.#unexpected();
    this.#at = end;
    this.#key = key;
    this.#awaited = "colon";
    return undefined;
  }

  #readValue(isElement: boolean): RowFault | undefined {
    const [bytes, start, key] = [this.#bytes, this.#at, this.#key];
    const picker = isElement ? this.#pickers.get(key) : undefined;
    let end = picker === undefined ? skipValue(bytes, start) : picker.pick(bytes, start);
    let value: unknown = end < 0 ? undefined : picker?.value;
    // What the picker cannot read may still have an end, behind which reading goes on.
    if (end === BROKEN && picker !== undefined) [end, value] = [skipValue(bytes, start), undefined];
    if (end === INCOMPLETE) return undefined;
    if (end === TOO_DEEP) return { code: "too-deep", message: `is nested deeper than ${LIMITS.depth} levels` };
    if (end < 0) return this.#unexpected();
    const line = this.#line;
    this.#found({ key, isElement, start, end, line, value });
    for (let at = start; (at = bytes.indexOf(LF, at)) >= 0 && at < end; at++) this.#line++;
    this.#at = end;
    this.#awaited = isElement ? "after-element" : "after-member";
    return undefined;
  }

  #skipSpace(): void {
    const bytes = this.#bytes;
    const next = skipSpace(bytes, this.#at);
    for (let at = this.#at; at < next; at++) if (bytes[at] === LF) this.#line++;
    this.#at = next;
  }

  #unexpected(): RowFault {
    const character = String.fromCharCode(this.#bytes[this.#at] ?? 0);
    return { code: "not-json", message: `is no JSON: unexpected ${JSON.stringify(character)}; export the file again` };
  }
}

/** JSON of some bytes; `undefined` where it is none. */
export function parse(bytes: Uint8Array, start: number, end: number, before = "", after = ""): unknown {
  const text = utf8Decode(bytes.subarray(start, end));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(before + text + after);
  } catch {
    return undefined;
  }
}
