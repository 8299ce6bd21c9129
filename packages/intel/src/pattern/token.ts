import { type Err, err, type Fault, fromBase64, fromHex, ok, type Result } from "@detente/basics";
import { quote } from "../text.ts";
import { isTimestamp } from "../stix/timestamp.ts";
import type { Constant } from "./ast.ts";

export type PatternFault = Fault<"bad-pattern" | "too-long" | "too-deep" | "unsupported-regex">;

/** A word (keyword, type or property), a sign, or a constant, and where it begins. */
export type Token = { readonly at: number } & (
  | { readonly kind: "word" | "sign"; readonly text: string }
  | { readonly kind: "constant"; readonly text: string; readonly constant: Constant }
  | { readonly kind: "end"; readonly text: "" }
);

/** Longer patterns are lists of values, which are shared as such. */
const MAX_PATTERN = 256 * 1024;

const SKIPPED = /(?:\p{White_Space}|\/\*[\s\S]*?\*\/|\/\/[^\r\n]*)+/uy;
const TOKEN =
  /([thb])?'((?:[^'\\]|\\['\\])*)'|(-?[0-9]*\.[0-9]+)|(-?(?:0|[1-9][0-9]*))(?![0-9.])|([A-Za-z_][A-Za-z0-9_-]*)|(==|!=|<>|<=|>=|[=<>[\](),:.*])/y;
const SIGNS: Readonly<Record<string, string>> = { "==": "=", "<>": "!=" };

/** Takes a pattern apart (STIX 2.1 §9.2 and the OASIS grammar); the last token is of kind `end`. */
export function tokenise(pattern: string): Result<readonly Token[], PatternFault> {
  if (pattern.length > MAX_PATTERN) {
    return err("too-long", `the pattern has ${pattern.length} characters, at most ${MAX_PATTERN} may be; split it`);
  }
  const tokens: Token[] = [];
  for (let at = skip(pattern, 0); at < pattern.length; at = skip(pattern, TOKEN.lastIndex)) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(pattern);
    if (match === null) return badPattern(at, `${quote(pattern.slice(at, at + 20))} is nothing that a pattern has`);
    const [text, prefix, inner, float, integer, word] = match;
    if (word !== undefined && word !== "true" && word !== "false") tokens.push({ kind: "word", text: word, at });
    else {
      const constant = constantOf(text, prefix, inner, float ?? integer);
      if (typeof constant === "string") return badPattern(at, constant);
      if (constant === undefined) tokens.push({ kind: "sign", text: SIGNS[text] ?? text, at });
      else tokens.push({ kind: "constant", text, constant, at });
    }
  }
  tokens.push({ kind: "end", text: "", at: pattern.length });
  return ok(tokens);
}

export function badPattern(at: number, reason: string): Err<Fault<"bad-pattern">> {
  return err("bad-pattern", `character ${at + 1} of the pattern: ${reason}`);
}

function skip(pattern: string, from: number): number {
  SKIPPED.lastIndex = from;
  return SKIPPED.test(pattern) ? SKIPPED.lastIndex : from;
}

/** The constant that a token is, what is wrong with it, or `undefined` for a sign. */
function constantOf(
  text: string,
  prefix: string | undefined,
  inner: string | undefined,
  number: string | undefined,
): Constant | string | undefined {
  if (text === "true" || text === "false") return { type: "boolean", value: text === "true" };
  if (number !== undefined) {
    const value = Number(number);
    const isExact = number.includes(".") ? Number.isFinite(value) : Number.isSafeInteger(value);
    return isExact ? { type: "number", value } : `${number.slice(0, 40)} is too large; at most 2^53 - 1`;
  }
  if (inner === undefined) return undefined;
  switch (prefix) {
    case "t":
      return isTimestamp(inner)
        ? { type: "timestamp", value: inner }
        : `${quote(inner)} is no time such as t'2016-01-20T12:31:12Z'`;
    case "h": {
      const bytes = fromHex(inner.toLowerCase());
      return bytes === undefined
        ? `${quote(inner)} is no even number of hexadecimal digits`
        : { type: "bytes", value: bytes };
    }
    case "b": {
      const bytes = fromBase64(inner.replaceAll(/[\r\n]/g, ""));
      return bytes === undefined ? `${quote(inner)} is not base64 with padding` : { type: "bytes", value: bytes };
    }
    default:
      return { type: "string", value: inner.replaceAll(/\\(['\\])/g, "$1") };
  }
}
