import { canonicalHostname, parseIpv4 } from "@detente/intel/canonical";
import { findAddress, findReverseName } from "./addresses.ts";
import { eachNameRun, fillsField, type NameRun, type Search, SHORTEST_DIGEST } from "./found.ts";
import { standsForField } from "./host.ts";
import { splitUnicode } from "./unicode.ts";

const MAX_NAME = 253;
/** MD5 and JA3, JA4 with its underscores, SHA-1, SHA-256. */
const DIGEST_LENGTHS: ReadonlySet<number> = new Set([32, 36, 40, 64]);

/** Asks of an offset whether an IPv6 address covers it. */
type IsIpv6 = (offset: number) => boolean;

/** Finds domains, IPv4 addresses, hashes and fingerprints among the name tokens of a text, outside the spans that are IPv6. */
export function findNames<Ref>(search: Search<Ref>, isIpv6: IsIpv6): void {
  eachNameRun(search.text, ({ start, end, hasHigh, isNumeric }) => {
    if (hasHigh) findUnicodeNames(search, start, end, isIpv6);
    else findInRun(search, start, end, isNumeric, isIpv6);
  });
}

/** The same where the text is a run by itself: it has no colon, so no span of it is IPv6. */
export function findPlainName<Ref>(search: Search<Ref>, { start, end, isNumeric }: NameRun): void {
  findInRun(search, start, end, isNumeric, () => false);
}

function findInRun<Ref>(search: Search<Ref>, start: number, end: number, isNumeric: boolean, isIpv6: IsIpv6): void {
  if (end - start >= SHORTEST_DIGEST) findHashes(search, start, end);
  // Empty labels end a name: an ellipsis after it, or nonsense.
  for (const [from, to] of segments(search.text, start, end, "..")) {
    const first = search.text[from] === "." ? from + 1 : from;
    const last = to > first && search.text[to - 1] === "." ? to - 1 : to;
    if (isNumeric) findIpv4(search, first, last, isIpv6);
    else findName(search, first, last);
  }
}

function findName<Ref>(search: Search<Ref>, start: number, end: number): void {
  const name = search.text.slice(start, end).toLowerCase();
  const lastDot = name.lastIndexOf(".");
  if (lastDot < 1) return;
  const tail = name.slice(name.lastIndexOf(".", lastDot - 1) + 1);
  if (tail.endsWith(".arpa")) findReverseName(search, start, end);
  if (search.index.hasTail(tail)) findDomain(search, start, end, name);
}

/** Reports every indicator that a canonical name is or lies below; the widest last. */
function findDomain<Ref>(search: Search<Ref>, start: number, end: number, name: string): void {
  let stands: boolean | undefined;
  // No indicator is longer than a name may be: what lies before is no label worth a look.
  for (let at = Math.max(0, name.length - MAX_NAME - 1); ;) {
    for (const indicator of search.index.domain(name.slice(at))) {
      stands ??= standsForField(search, start, end);
      search.report(indicator, start, end, stands ? (at === 0 ? "exact-field" : "subdomain") : "embedded");
    }
    const dot = name.indexOf(".", at);
    if (dot < 0) return;
    at = dot + 1;
  }
}

/** Addresses stand alone or in a range `a-b`; in `lib-1.2.3.4-1.el7` the number is a version. */
function findIpv4<Ref>(search: Search<Ref>, start: number, end: number, isIpv6: IsIpv6): void {
  const run = search.text.slice(start, end);
  if (!run.includes("-")) {
    const address = parseIpv4(run);
    if (address !== undefined && !isIpv6(start)) findAddress(search, start, end, address);
    return;
  }
  const parts = segments(search.text, start, end, "-").filter(([from, to]) => from < to);
  const addresses = parts.map(([from, to]) => parseIpv4(search.text.slice(from, to)));
  if (addresses.includes(undefined)) return;
  for (const [i, [from, to]] of parts.entries()) {
    if (!isIpv6(from)) findAddress(search, from, to, addresses[i] as number);
  }
}

function findHashes<Ref>(search: Search<Ref>, start: number, end: number): void {
  for (const [from, to] of segments(search.text, start, end, ".")) {
    if (!DIGEST_LENGTHS.has(to - from)) continue;
    const as = fillsField(search, from, to) ? "exact-field" : "embedded";
    for (const indicator of search.index.hash(search.text.slice(from, to).toLowerCase())) {
      search.report(indicator, from, to, as);
    }
  }
}

function findUnicodeNames<Ref>(search: Search<Ref>, start: number, end: number, isIpv6: IsIpv6): void {
  for (const part of splitUnicode(search.text, start, end)) {
    if (part.name === undefined) {
      const isNumeric = /^[0-9.-]+$/.test(search.text.slice(part.start, part.end));
      findInRun(search, part.start, part.end, isNumeric, isIpv6);
      continue;
    }
    const name = canonicalHostname(part.name);
    if (name.ok) findDomain(search, part.start, part.end, name.value);
  }
}

/** The stretches of a text between occurrences of a separator. */
function segments(text: string, start: number, end: number, separator: string): [number, number][] {
  const run = text.slice(start, end);
  if (!run.includes(separator)) return [[start, end]];
  const found: [number, number][] = [];
  let from = start;
  for (const part of run.split(separator)) {
    found.push([from, from + part.length]);
    from += part.length + separator.length;
  }
  return found;
}
