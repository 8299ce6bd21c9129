import { type Bytes, compareText, utf8, utf8Decode } from "./bytes.ts";
import { isPlainlyCanonical } from "./canonical-scan.ts";
import { err, type Fault, ok, type Result } from "./result.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonFault = Fault<"not-utf8" | "not-json" | "not-canonical" | "too-deep">;

/** Deeper input is refused before it can exhaust the stack. */
const MAX_DEPTH = 64;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The canonical form of a JSON value (RFC 8785): no white space, members sorted by UTF-16 code units,
 * numbers as ECMAScript prints them.
 * @throws on what JSON cannot carry: NaN, infinities, lone surrogates (RFC 8785 §3.2.2), undefined members.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`${value} has no JSON form`);
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (isArray(value)) {
    let items = "";
    // Four times as fast as mapping and joining, and an audit has millions of short lists.
    for (let i = 0; i < value.length; i++) items += `${i === 0 ? "" : ","}${canonicalJson(value[i] as Json)}`;
    return `[${items}]`;
  }
  if (typeof value !== "object") throw new Error(`${typeof value} has no JSON form`);
  let members = "";
  for (const key of Object.keys(value).sort(compareText)) {
    members += `${members === "" ? "" : ","}${canonicalString(key)}:${canonicalJson(value[key] as Json)}`;
  }
  return `{${members}}`;
}

export function canonicalJsonBytes(value: Json): Bytes {
  return utf8(canonicalJson(value));
}

/**
 * Reads JSON that must be in canonical form, so that no two readers can see two values in the same bytes
 * (duplicate names, other number forms and white space are refused).
 */
export function parseCanonicalJson(bytes: Bytes): Result<Json, JsonFault> {
  const text = utf8Decode(bytes);
  if (text === undefined) return err("not-utf8", "the bytes are not UTF-8");
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return nestingDepth(bytes) > MAX_DEPTH ? tooDeep() : err("not-json", `not JSON: ${(error as Error).message}`);
  }
  if (isPlainlyCanonical(bytes)) return ok(value);
  if (nestingDepth(bytes) > MAX_DEPTH) return tooDeep();
  let again: string;
  try {
    again = canonicalJson(value);
  } catch {
    return err("not-canonical", "a string holds a lone surrogate or a number is out of range (RFC 8785 §3.2.2)");
  }
  return again === text ? ok(value) : err("not-canonical", "not in the canonical form of RFC 8785");
}

function tooDeep(): Result<never, JsonFault> {
  return err("too-deep", `nested deeper than ${MAX_DEPTH} levels`);
}

function canonicalString(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new Error("a lone surrogate has no JSON form");
  return JSON.stringify(text);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** An upper bound of the nesting: brackets inside strings do not count, white space is not canonical anyway. */
function nestingDepth(bytes: Bytes): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > deepest) deepest = depth;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}
