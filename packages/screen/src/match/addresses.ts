import { type Ipv6Groups, mappedIpv4, parseIpv4, parseIpv6 } from "@detente/intel/canonical";
import type { HitIndicator } from "../hit.ts";
import { isNameCode, type Search } from "./found.ts";
import { standsForField } from "./host.ts";

/** Reports an IPv4 address and every network around it. */
export function findAddress<Ref>(search: Search<Ref>, start: number, end: number, address: number): void {
  reportAll(search, search.index.ipv4(address), start, end);
}

function findAddress6<Ref>(search: Search<Ref>, start: number, end: number, address: Ipv6Groups): void {
  const mapped = mappedIpv4(address);
  if (mapped !== undefined) return findAddress(search, start, end, mapped);
  reportAll(search, search.index.ipv6(address), start, end);
}

function reportAll<Ref>(search: Search<Ref>, found: readonly HitIndicator<Ref>[], start: number, end: number): void {
  if (found.length === 0) return;
  const as = standsForField(search, start, end) ? "exact-field" : "embedded";
  for (const indicator of found) search.report(indicator, start, end, isNetwork(indicator) ? "cidr" : as);
}

function isNetwork<Ref>({ kind }: HitIndicator<Ref>): boolean {
  return kind === "cidr4" || kind === "cidr6";
}

/**
 * Finds IPv6 addresses in any spelling (padded, upper case, IPv4-mapped in hex or dotted), between characters that
 * are no part of a name.
 * @returns whether an offset lies in one, so that the dotted tail of `64:ff9b::192.0.2.1` is not taken for an address;
 * to be asked for ascending offsets
 */
export function findIpv6<Ref>(search: Search<Ref>): (offset: number) => boolean {
  const { text } = search;
  const spans: [number, number][] = [];
  for (let colon = text.indexOf(":"), done = 0; colon >= 0;) {
    const next = text.indexOf(":", colon + 1);
    // Groups have at most four digits: a lone colon is no part of an address.
    if (next < 0) break;
    if (next - colon > 5) {
      colon = next;
      continue;
    }
    const [start, end] = runAround(text, colon, done);
    const address = standsAlone(text, start, end) ? parseIpv6(text.slice(start, end)) : undefined;
    if (address !== undefined) {
      spans.push([start, end]);
      findAddress6(search, start, end, address);
    }
    done = Math.max(end, colon + 1);
    colon = text.indexOf(":", done);
  }
  let current = 0;
  return (offset) => {
    while (current < spans.length && (spans[current] as [number, number])[1] <= offset) current++;
    return current < spans.length && (spans[current] as [number, number])[0] <= offset;
  };
}

/** The run of hexadecimal digits and colons around a colon, dots allowed after it, punctuation at its ends cut off. */
function runAround(text: string, colon: number, done: number): [number, number] {
  let start = colon;
  while (start > done && isHexOrColon(text.charCodeAt(start - 1))) start--;
  // `src:2001:db8::1`: a word that ends in hexadecimal digits, then the address.
  const isWord = start > 0 && isNameCode(text.charCodeAt(start - 1)) && text[start - 1] !== "-";
  if (isWord && text[colon + 1] !== ":") start = colon + 1;
  let end = colon + 1;
  while (end < text.length && (isHexOrColon(text.charCodeAt(end)) || text[end] === ".")) end++;
  while (end > start && text[end - 1] === ".") end--;
  if (text[start] === ":" && text[start + 1] !== ":") start++;
  if (text[end - 1] === ":" && text[end - 2] !== ":") end--;
  return [start, Math.max(start, end)];
}

const SHORTEST_FULL = "1:2:3:4:5:6:7:8".length;

function standsAlone(text: string, start: number, end: number): boolean {
  // Without `::` all eight groups are there: times and ports are told apart before anything is parsed.
  if (end - start < SHORTEST_FULL && !text.slice(start, end).includes("::")) return false;
  const before = start === 0 ? 0x20 : text.charCodeAt(start - 1);
  const after = end === text.length ? 0x20 : text.charCodeAt(end);
  // A hyphen may join two addresses, a dot may end the sentence.
  return (!isNameCode(before) || before === 0x2d) && (!isNameCode(after) || after === 0x2d || after === 0x2e);
}

function isHexOrColon(code: number): boolean {
  return (code >= 0x30 && code <= 0x3a) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

const NIBBLE = /^[0-9a-f]$/;

/** Finds the address of a reverse name: `4.3.2.1.in-addr.arpa` (RFC 1035 §3.5), 32 nibbles under ip6.arpa (RFC 3596). */
export function findReverseName<Ref>(search: Search<Ref>, start: number, end: number): void {
  const labels = search.text.slice(start, end).toLowerCase().split(".");
  const zone = labels.slice(-2).join(".");
  // Below an octet, `0/25.2.0.192.in-addr.arpa` delegates a range (RFC 2317 §4).
  if (/[0-9]\/$/.test(search.text.slice(Math.max(0, start - 2), start))) return;
  if (zone === "in-addr.arpa") {
    const address = parseIpv4(labels.slice(0, -2).slice(-4).reverse().join("."));
    if (address !== undefined) reportReversed(search, search.index.ipv4(address), start, end);
    return;
  }
  const nibbles = labels.slice(0, -2).slice(-32).reverse();
  if (zone !== "ip6.arpa" || nibbles.length !== 32 || !nibbles.every((nibble) => NIBBLE.test(nibble))) return;
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(nibbles.slice(4 * i, 4 * i + 4).join(""), 16));
  const mapped = mappedIpv4(groups);
  const found = mapped === undefined ? search.index.ipv6(groups) : search.index.ipv4(mapped);
  reportReversed(search, found, start, end);
}

/** A reverse lookup asks about an address; it is no traffic with it: `embedded`, even where it fills its field. */
function reportReversed<Ref>(
  search: Search<Ref>,
  found: readonly HitIndicator<Ref>[],
  start: number,
  end: number,
): void {
  for (const indicator of found) {
    search.report(indicator, start, end, isNetwork(indicator) ? "cidr" : "embedded");
  }
}
