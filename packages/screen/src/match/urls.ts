import { canonicalHostname, formatIpv6, formatUrl, MAX_URL, parseIpv6, parseUrl } from "@detente/intel/canonical";
import type { HitIndicator } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";
import { isAscii, latin1ToText } from "../latin1.ts";
import type { Search } from "./found.ts";

/** Where a URL in running text ends at the latest (RFC 3986 appendix C, and what browsers would encode). */
const END = /[\s"<>`{}|\\^\u0000-\u001f\u007f]/;
/** Punctuation that ends a sentence or closes a bracket rather than a URL. */
const CLOSING = /[.,;:!?'")\]}*_]$/;
const MAX_CLOSING = 8;
const MAX_SCHEME = 8;
const MAX_AUTHORITY = 600;

/** Finds whole URLs in a text, by host first, then by their canonical form. */
export function findUrls<Ref>(search: Search<Ref>): void {
  const { text, index } = search;
  if (!index.hasUrls) return;
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    if (!index.hasUrlHost(hostOf(text.slice(at + 3, at + 3 + MAX_AUTHORITY)))) continue;
    let start = at;
    while (start > 0 && at - start < MAX_SCHEME && /[A-Za-z0-9+]/.test(text[start - 1] as string)) start--;
    const rest = text.slice(start, start + MAX_URL + 1);
    const end = rest.search(END);
    const length = end < 0 ? rest.length : end;
    if (length <= MAX_URL) findUrl(search, start, start + length);
  }
}

/** Tries a URL as it stands, then without the punctuation that may follow it. */
function findUrl<Ref>(search: Search<Ref>, start: number, stop: number): void {
  for (let end = stop, cut = 0; cut <= MAX_CLOSING; end--, cut++) {
    const parsed = parseUrl(latin1ToText(search.text.slice(start, end)));
    const indicators = parsed.ok ? search.index.url(formatUrl(parsed.value)) : [];
    for (const indicator of indicators) search.report(indicator, start, end, "url");
    if (indicators.length > 0 || !CLOSING.test(search.text.slice(start, end))) return;
  }
}

/**
 * Finds URLs whose host and path stand in different columns, where no scheme is known.
 * @param host may carry a port; `port` is what the connection says
 */
export function findRequest<Ref>(
  index: IndicatorIndex<Ref>,
  host: string,
  target: string,
  port: number | undefined,
): readonly HitIndicator<Ref>[] {
  if (!index.hasUrls || !target.startsWith("/") || host.length > MAX_AUTHORITY || target.length > MAX_URL) return [];
  if (!index.hasUrlHost(hostOf(host))) return [];
  const parsed = parseUrl(`http://${latin1ToText(host)}${latin1ToText(target)}`);
  if (!parsed.ok) return [];
  const { authority, target: path } = parsed.value;
  const keys = new Set([authority + path, authority.replace(/:443$/, "") + path]);
  if (port !== undefined && !/:[0-9]+$/.test(authority)) keys.add(`${authority}:${port}${path}`);
  // No scheme is known: both are tried.
  return [...keys].flatMap((key) => [...index.url(`http://${key}`), ...index.url(`https://${key}`)]);
}

/** The canonical host of what follows `://`; empty when there is none. */
function hostOf(rest: string): string {
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
  const bare = authority.slice(authority.lastIndexOf("@") + 1);
  const bracketed = /^\[([^\]]*)\]/.exec(bare)?.[1];
  if (bracketed !== undefined) {
    const groups = parseIpv6(bracketed);
    return groups === undefined ? "" : formatIpv6(groups);
  }
  // Punctuation after a URL without a path is no part of its host.
  const host = bare.replace(/:.*$/s, "").replace(/[^A-Za-z0-9\u0080-\u00ff]+$/, "");
  if (isAscii(host) && !/xn--/i.test(host)) return host.toLowerCase();
  const name = canonicalHostname(latin1ToText(host));
  return name.ok ? name.value : "";
}
