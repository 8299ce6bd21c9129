import { err, type Fault, ok, type Result } from "@detente/basics";
import { RE2JS } from "re2js";
import { quote } from "../text.ts";

/** A compiled expression; it takes time proportional to `size` times the length of the text, whatever the two are. */
export interface Regex {
  readonly size: number;
  test(text: string): boolean;
}

const MAX_SIZE = 5000;
const MAX_KEPT = 256;
const kept = new Map<string, Regex>();

/**
 * Compiles the regular expression of MATCHES (STIX 2.1 §9.6.1: searched for, `.` matches line breaks). RE2's syntax is
 * that of PCRE without what can take exponential time (back references, look-around), so no pattern of a hostile
 * author can stall a station.
 */
export function compileRegex(source: string): Result<Regex, Fault<"unsupported-regex">> {
  const known = kept.get(source);
  if (known !== undefined) return ok(known);
  try {
    const compiled = RE2JS.compile(source.normalize("NFC"), RE2JS.DOTALL);
    const size = compiled.programSize();
    if (size > MAX_SIZE) return refused(source, "is too large; split it");
    const regex: Regex = { size, test: (text) => compiled.matcher(text).find() };
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(source, regex);
    return ok(regex);
  } catch (error) {
    return refused(
      source,
      `is none of RE2 (${quote((error as Error).message)}); back references and look-around must go`,
    );
  }
}

function refused(source: string, why: string): Result<never, Fault<"unsupported-regex">> {
  return err("unsupported-regex", `the expression ${quote(source)} ${why}`);
}
