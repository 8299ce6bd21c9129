import { err, type Fault, ok, type Result } from "@detente/basics";
import type { IndicatorKind } from "@detente/record";
import { quote } from "../text.ts";

/** One comparison of a pattern that says: this value is bad. */
interface PatternValue {
  readonly path: string;
  readonly text: string;
  readonly allowed: readonly IndicatorKind[];
}

/** A pattern as a set of values any of which is a match, and the alternatives that name nothing we know. */
interface PatternValues {
  readonly values: readonly PatternValue[];
  readonly unsupported: readonly { readonly path: string; readonly text: string }[];
}

const IP: readonly IndicatorKind[] = ["ipv4", "ipv6", "cidr4", "cidr6"];

const KINDS_OF_PATH: Readonly<Record<string, readonly IndicatorKind[]>> = {
  "domain-name:value": ["domain"],
  "ipv4-addr:value": IP,
  "ipv6-addr:value": IP,
  "network-traffic:src_ref.value": [...IP, "domain"],
  "network-traffic:dst_ref.value": [...IP, "domain"],
  "url:value": ["url"],
  "email-addr:value": ["email"],
  "email-message:from_ref.value": ["email"],
  "email-message:sender_ref.value": ["email"],
  "file:hashes.md5": ["md5"],
  "file:hashes.sha-1": ["sha1"],
  "file:hashes.sha-256": ["sha256"],
};

/**
 * STIX has no place for fingerprints of TLS clients; tools put them into properties of their own, which end alike:
 * `network-traffic:x_ja3_hash`, `x-ecs-tls:client_ja3`. JA3S and JA4S, of servers, are something else.
 */
const FINGERPRINT = /(?:^|[:._-])(ja3|ja4)(?:[._-](?:hash|md5|fingerprint|value))*$/;

/** STIX 2.1 §9.2: words, string literals, comparison operators, punctuation. */
const TOKEN =
  /\s*(?:('(?:[^'\\]|\\.)*')|([A-Za-z0-9_.:-]+(?:'[^']*'|"[^"]*"|[A-Za-z0-9_.:\-[\]*])*)|(!=|<=|>=|[=<>[\](),]))/gsy;

type PatternResult = Result<PatternValues, Fault<"unsupported-pattern">>;

/**
 * Reads the patterns that list values: `[a:b = 'x' OR c:d IN ('y', 'z')] OR [e:f ISSUBSET '192.0.2.0/24']`.
 * Whatever narrows a match (AND, NOT, FOLLOWEDBY, WITHIN, LIKE, …) is refused, because its values alone would say
 * more than its author did.
 */
export function readPattern(pattern: string): PatternResult {
  const tokens = tokenise(pattern);
  if (tokens === undefined) return refuse(pattern, "has a character that the pattern language does not have");
  const values: PatternValue[] = [];
  const unsupported: { path: string; text: string }[] = [];
  let at = 0;
  const take = (word: string): boolean => tokens[at]?.toUpperCase() === word && ++at > 0;
  do {
    if (!take("[")) return refuse(pattern, unexpected(tokens[at]));
    do {
      const comparison = readComparison(tokens, at);
      if (comparison === undefined) return refuse(pattern, unexpected(tokens[at + 1] ?? tokens[at]));
      at = comparison.next;
      const path = comparison.path.toLowerCase().replaceAll(/["']/g, "");
      const allowed = kindsOfPath(path);
      for (const text of comparison.texts) {
        if (allowed === undefined) unsupported.push({ path: comparison.path, text });
        else values.push({ path: comparison.path, text, allowed });
      }
    } while (take("OR"));
    if (!take("]")) return refuse(pattern, unexpected(tokens[at]));
  } while (take("OR"));
  return at === tokens.length ? ok({ values, unsupported }) : refuse(pattern, unexpected(tokens[at]));
}

function kindsOfPath(path: string): readonly IndicatorKind[] | undefined {
  if (Object.hasOwn(KINDS_OF_PATH, path)) return KINDS_OF_PATH[path];
  const fingerprint = FINGERPRINT.exec(path)?.[1];
  return fingerprint === undefined ? undefined : [fingerprint as "ja3" | "ja4"];
}

function tokenise(pattern: string): string[] | undefined {
  const tokens: string[] = [];
  const text = pattern.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(match[0].trim());
  }
  return tokens;
}

interface Comparison {
  readonly path: string;
  readonly texts: readonly string[];
  readonly next: number;
}

function readComparison(tokens: readonly string[], from: number): Comparison | undefined {
  const path = tokens[from] ?? "";
  const operator = tokens[from + 1]?.toUpperCase();
  if (!/^[a-z0-9-]+:./i.test(path)) return undefined;
  if (operator === "=" || operator === "ISSUBSET") {
    const text = literal(tokens[from + 2]);
    return text === undefined ? undefined : { path, texts: [text], next: from + 3 };
  }
  if (operator !== "IN" || tokens[from + 2] !== "(") return undefined;
  const texts: string[] = [];
  for (let at = from + 3; ; at += 2) {
    const text = literal(tokens[at]);
    if (text === undefined) return undefined;
    texts.push(text);
    if (tokens[at + 1] === ")") return { path, texts, next: at + 2 };
    if (tokens[at + 1] !== ",") return undefined;
  }
}

function literal(token: string | undefined): string | undefined {
  return token?.startsWith("'") === true ? token.slice(1, -1).replace(/\\(['\\])/g, "$1") : undefined;
}

function unexpected(token: string | undefined): string {
  return token === undefined ? "ends too early" : `is not a plain list of values (at ${quote(token)})`;
}

function refuse(pattern: string, why: string): PatternResult {
  return err(
    "unsupported-pattern",
    `the pattern ${quote(pattern)} ${why}; share its values one by one if they stand alone`,
  );
}
