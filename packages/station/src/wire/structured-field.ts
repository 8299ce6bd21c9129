import { type Bytes, fromBase64 } from "@detente/basics";

/**
 * The few structured fields (RFC 8941) that signed requests use. Only the canonical serialisation (RFC 8941 §4.1)
 * of the members is read, so that the text between two commas IS the value: nothing is ever re-serialised.
 */

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const STRING = /"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y;
const INTEGER = /0|-?[1-9][0-9]{0,14}/y;
const BYTE_SEQUENCE = /:([A-Za-z0-9+/=]*):/y;

type Parameter = string | number;

/** An inner list of strings with its parameters, under the label that the dictionary gives it. */
export interface LabelledList {
  readonly label: string;
  readonly items: readonly string[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** The member's value as it was received: what `@signature-params` shows (RFC 9421 §2.3). */
  readonly raw: string;
}

/**
 * Reads a dictionary with exactly one member, an inner list of strings without parameters of their own, followed
 * by parameters that are strings or integers; `undefined` for anything else and for a parameter given twice.
 */
export function parseLabelledList(field: string): LabelledList | undefined {
  const cursor = new Cursor(field);
  const label = cursor.match(KEY)?.[0];
  if (label === undefined || !cursor.skip("=")) return undefined;
  const start = cursor.at;
  const items = readInnerList(cursor);
  if (items === undefined) return undefined;
  const parameters = new Map<string, Parameter>();
  while (cursor.skip(";")) {
    const name = cursor.match(KEY)?.[0];
    if (name === undefined || parameters.has(name) || !cursor.skip("=")) return undefined;
    const value = readParameter(cursor);
    if (value === undefined) return undefined;
    parameters.set(name, value);
  }
  return cursor.ended ? { label, items, parameters, raw: field.slice(start) } : undefined;
}

/** Reads a dictionary whose members are all byte sequences without parameters; `undefined` for anything else. */
export function parseByteSequences(field: string): ReadonlyMap<string, Bytes> | undefined {
  const cursor = new Cursor(field);
  const members = new Map<string, Bytes>();
  do {
    const key = cursor.match(KEY)?.[0];
    if (key === undefined || members.has(key) || !cursor.skip("=")) return undefined;
    const bytes = fromBase64(cursor.match(BYTE_SEQUENCE)?.[1] ?? "!");
    if (bytes === undefined) return undefined;
    members.set(key, bytes);
  } while (cursor.skip(", "));
  return cursor.ended ? members : undefined;
}

/** A string item (RFC 8941 §4.1.6); `text` is printable ASCII. */
export function stringItem(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function readInnerList(cursor: Cursor): string[] | undefined {
  if (!cursor.skip("(")) return undefined;
  const items: string[] = [];
  if (cursor.skip(")")) return items;
  do {
    const item = readString(cursor);
    if (item === undefined) return undefined;
    items.push(item);
  } while (cursor.skip(" "));
  return cursor.skip(")") ? items : undefined;
}

function readParameter(cursor: Cursor): Parameter | undefined {
  const text = readString(cursor);
  if (text !== undefined) return text;
  const digits = cursor.match(INTEGER)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

function readString(cursor: Cursor): string | undefined {
  return cursor.match(STRING)?.[1]?.replace(/\\(.)/g, "$1");
}

class Cursor {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.at === this.#text.length;
  }

  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.#text);
    if (found === null) return undefined;
    this.at = sticky.lastIndex;
    return found;
  }

  skip(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }
}
