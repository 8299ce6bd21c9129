import { anyColon, bitmaps, classify, COLON, limit, markHitBefore, markHostBefore, origin, wordCount } from "./bitmaps";
import { beginFinding, hasHit, hasHost } from "./candidate";
import { fetchDigests, hashDigests, keepDigests } from "./digest-sift";
import { findIpv6 } from "./ipv6";
import { FOUND, isWholeNumber, knownNumbers, placeOfNumber } from "./known-numbers";
import { HAS_ADDRESSES } from "./layout";
import { fetchTails, hashLonger, hashNames, keepLonger, keepNames, longerCount } from "./name-sift";
import { dropDismissed, fetchNetworks, keepNumbers, readNumbers } from "./number-sift";
import {
  beginRuns,
  GROUP,
  hashes,
  listRuns,
  longer,
  nameCount,
  names,
  numberCount,
  numbers,
  otherCount,
  others,
  texts,
  words,
} from "./run-ends";
import { findRun } from "./runs";
import { flags, seed } from "./state";

/**
 * Finds what is in the text whose bitmaps were begun, and marks it there. Runs are gathered first and sifted kind by
 * kind, in loops that branch on nothing that a text decides, and that wait for memory many at a time: what a filter
 * keeps, few in a hundred, is looked at closely.
 */
export function sift(): void {
  const count = wordCount(limit - origin);
  const hasAddresses = (flags & HAS_ADDRESSES) !== 0;
  beginRuns();
  for (let from: usize = 0; from < count; from += GROUP) {
    const to = min(from + GROUP, count);
    classify(from, to);
    listRuns(from, to);
    if (hasAddresses) {
      const fresh = dropDismissed(numbers, numberCount, texts);
      readNumbers(numbers, fresh, hashes);
      fetchNetworks(hashes, fresh, words);
      findNumbers(numbers, keepNumbers(numbers, fresh, texts, hashes, words), texts);
    }
    hashNames(names, nameCount, hashes);
    fetchTails(hashes, nameCount, words);
    findAll(names, keepNames(names, nameCount, hashes, words, longer));
    hashLonger(longer, longerCount, hashes);
    fetchTails(hashes, longerCount, words);
    findAll(longer, keepLonger(longer, longerCount, hashes, words));
    hashDigests(others, otherCount, hashes);
    fetchDigests(hashes, otherCount, words);
    findAll(others, keepDigests(others, otherCount, hashes, words));
  }
  if (anyColon !== 0 && hasAddresses) findAddresses(count);
}

/** Looks closely at numbers, unless it is known what they are. @param texts as `dropDismissed` writes them */
function findNumbers(list: usize, count: u32, texts: usize): void {
  const table = knownNumbers;
  const key = seed;
  const end = list + ((<usize>count) << 2);
  for (let at = list, from = texts; at < end; at += 4, from += 8) {
    const offset = <usize>load<u32>(at);
    const text = load<u64>(from);
    const place = placeOfNumber(text, table, key);
    if (load<u64>(place) === (text ^ FOUND)) {
      markHitBefore(offset);
      continue;
    }
    findOne(offset);
    if (isWholeNumber(text) && (hasHit || !hasHost)) store<u64>(place, hasHit ? text ^ FOUND : text);
  }
}

function findAll(list: usize, count: u32): void {
  const end = list + ((<usize>count) << 2);
  for (let at = list; at < end; at += 4) findOne(load<u32>(at));
}

function findOne(offset: usize): void {
  beginFinding(origin);
  findRun(offset);
  if (hasHit) markHitBefore(offset);
  if (hasHost) markHostBefore(offset);
}

/** Looks for IPv6 addresses around the colons that they may have. */
function findAddresses(count: usize): void {
  let done: usize = origin;
  for (let i: usize = 0; i < count; i++) {
    for (let colons = load<u64>(bitmaps + (i << 3), COLON); colons !== 0; colons &= colons - 1) {
      const offset = (i << 6) + <usize>ctz(colons);
      if (origin + offset < done) continue;
      beginFinding(origin);
      done = findIpv6(origin + offset, origin, limit);
      if (hasHit) markHitBefore(offset + 1);
    }
  }
}
