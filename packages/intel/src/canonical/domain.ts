import { err, type Fault, ok, type Result } from "@detente/basics";
import { quote } from "../text.ts";
import { isPublicSuffix } from "./public-suffix.ts";

/** Underscores are no host names (RFC 1123) but are DNS names (RFC 2181 §11), and telemetry is full of them. */
const LABEL = /^[a-z0-9_-]{1,63}$/;
/** A last label of digits only would be a number (WHATWG URL, "ends in a number"). */
const LAST_LABEL = /^(?=.*[a-z])[a-z0-9][a-z0-9-]*$/;
const NOT_IN_A_NAME = /[\u0000-\u002c\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f]/;
const MAX_NAME = 253;

/**
 * The canonical form of a host name: A-labels (UTS 46, non-transitional), lower case, no trailing dot.
 * A single label is a host name too.
 */
export function canonicalHostname(text: string): Result<string, Fault<"bad-domain">> {
  const bare = text.endsWith(".") ? text.slice(0, -1) : text;
  // The URL parser decodes %41, cuts at "/", ":" and "@" and drops tabs: none of that may reach it.
  if (NOT_IN_A_NAME.test(bare)) return bad(text, "has a character that no domain name has");
  const name = needsUts46(bare) ? toAscii(bare) : bare.toLowerCase();
  if (name === undefined) return bad(text, "is not a valid internationalised name (UTS 46)");
  if (name.length > MAX_NAME) return bad(text, `is longer than ${MAX_NAME} characters`);
  const labels = name.split(".");
  if (!labels.every((label) => LABEL.test(label))) return bad(text, "has an empty label or one over 63 characters");
  if (!LAST_LABEL.test(labels.at(-1) ?? "")) return bad(text, "does not end in a top-level domain");
  return ok(name);
}

/** The canonical form of a domain indicator: a host name that is no public suffix. */
export function canonicalDomain(text: string): Result<string, Fault<"bad-domain" | "bare-suffix">> {
  const name = canonicalHostname(text);
  if (!name.ok) return name;
  if (isPublicSuffix(name.value)) {
    return err("bare-suffix", `${quote(text)} is a public suffix and would match everything below it; name a domain`);
  }
  return name;
}

/** A name in ASCII is what it is in the DNS, whatever its `xn--` labels decode to: runtimes differ in what they refuse. */
function needsUts46(text: string): boolean {
  return /[^\u0000-\u007f]/.test(text);
}

function toAscii(text: string): string | undefined {
  try {
    const name = new URL(`http://${text}`).hostname;
    return name.endsWith(".") ? name.slice(0, -1) : name;
  } catch {
    return undefined;
  }
}

function bad(text: string, why: string): Result<never, Fault<"bad-domain">> {
  return err("bad-domain", `${quote(text)} ${why}; write it as host.example or as its xn-- form`);
}
