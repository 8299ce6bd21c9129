import { fillsField, type Search } from "./found.ts";

/** A request line (RFC 9112 §3) has its method and version around the target. */
const METHOD = /^[A-Z]{3,20} /;
const VERSION = / HTTP\/[0-9](?:\.[0-9])?$/;
/** What stands before the host of a URL (RFC 3986 §3), and before an address in brackets. */
const BEFORE = /^(?:[a-z][a-z0-9+.-]{1,19}:\/\/(?:[^\s/?#@]{1,200}@)?)?\[?$/i;
/** What stands behind it: a port, then the rest of the URL, or nothing more of `host:port`. */
const AFTER_IN_URL = /^\.?\]?(?::[0-9]{0,5})?(?:[/?#]|$)/;
const AFTER = /^\.?\]?(?::[0-9]{1,5})?$/;
/** No more than these would have to stand before and behind it; names are looked at again and again, fields may be long. */
const MAX_BEFORE = 256;
const MAX_AFTER = 32;

/**
 * Whether a token stands for its field: fills it, or is the host of the URL, of the `host:port` (as of `CONNECT`), or
 * of the request line that does. In a URL's path or query it is but a word.
 */
export function standsForField<Ref>(search: Search<Ref>, start: number, end: number): boolean {
  if (fillsField(search, start, end)) return true;
  const { text, isField } = search;
  if (!isField || start > MAX_BEFORE) return false;
  const method = METHOD.exec(text.slice(0, MAX_AFTER))?.[0];
  const version = method === undefined ? undefined : VERSION.exec(text.slice(-MAX_AFTER))?.[0];
  const isRequest = method !== undefined && version !== undefined && end <= text.length - version.length;
  const before = text.slice(isRequest ? method.length : 0, start);
  const stop = text.length - (isRequest ? version.length : 0);
  const after = text.slice(end, Math.min(stop, end + MAX_AFTER));
  if (!BEFORE.test(before)) return false;
  return before.includes("://") ? AFTER_IN_URL.test(after) : AFTER.test(after);
}
