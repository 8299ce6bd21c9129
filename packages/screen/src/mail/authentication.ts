import { latin1ToText } from "../latin1.ts";
import { withoutComments } from "./parameters.ts";

/** One method's result, such as `dkim=pass header.d=mail.example` (RFC 8601 §2.2); all in lower case. */
export interface AuthenticationResult {
  readonly method: string;
  readonly result: string;
  readonly properties: ReadonlyMap<string, string>;
}

/** What one server found out about a message. */
export interface AuthenticationResults {
  /** The server that says so (`authserv-id`). */
  readonly by: string;
  readonly results: readonly AuthenticationResult[];
}

const MAX_RESULTS = 50;
const RESULT = /^([a-z0-9][a-z0-9-]*)(?:\s*\/\s*[0-9]+)?\s*=\s*([a-z0-9-]+)/;
const PROPERTY = /\s([a-z0-9-]{1,40})\.([a-z0-9_-]{1,40})\s{0,20}=\s{0,20}(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g;

/**
 * Reads Authentication-Results (RFC 8601) and ARC-Authentication-Results (RFC 8617 §4.1.1, after its `i=`).
 * Anyone can write such a field: the topmost one is that of the reader's own server, if that server removes others'.
 */
export function parseAuthenticationResults(field: string): AuthenticationResults {
  const [first = "", ...rest] = readable(field).split(";");
  const isArc = /^\s*i\s*=/.test(first);
  const by = (isArc ? (rest[0] ?? "") : first).trim().split(/\s/)[0] ?? "";
  const results = rest.slice(isArc ? 1 : 0, MAX_RESULTS).flatMap((text): AuthenticationResult[] => {
    const [, method, result] = RESULT.exec(text.trim()) ?? [];
    if (method === undefined || result === undefined) return [];
    const properties = [...text.matchAll(PROPERTY)].map(([, type, name, quoted, bare]) => {
      return [`${type}.${name}`, quoted ?? bare ?? ""] as const;
    });
    return [{ method, result, properties: new Map(properties) }];
  });
  return { by, results };
}

/** Reads Received-SPF (RFC 7208 §9.1): the result, and the envelope's sender. */
export function parseReceivedSpf(field: string): AuthenticationResult | undefined {
  const text = readable(field);
  const result = /^\s*(pass|fail|softfail|neutral|none|temperror|permerror)\b/.exec(text)?.[1];
  if (result === undefined) return undefined;
  const sender = /envelope-from\s*=\s*(?:"([^"]*)"|<?([^\s;">]+))/.exec(text);
  const address = sender?.[1] ?? sender?.[2];
  return { method: "spf", result, properties: new Map(address === undefined ? [] : [["smtp.mailfrom", address]]) };
}

/** Without comments and in lower case, once bytes are letters: domains may be written as such (RFC 8616 §4). */
function readable(field: string): string {
  return latin1ToText(withoutComments(field)).toLowerCase();
}
