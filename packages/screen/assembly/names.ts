import { findReversed } from "./addresses";
import { markHit, markHost, textStart } from "./candidate";
import { findToken } from "./digests";
import { findEmail } from "./emails";
import { HAS_BARE_HOSTS, HAS_EMAILS, HAS_URLS, TAG_DOMAIN, TAG_REVERSE_ZONE, TAG_URL_HOST } from "./layout";
import { flags, shortest } from "./state";
import { find } from "./table";
import { dotBefore, hasTail } from "./tails";

const DOT: u32 = 0x2e;
const HYPHEN: u32 = 0x2d;
const UNDERSCORE: u32 = 0x5f;
const MAX_NAME: usize = 253;
/** "arpa". */
const ARPA: u32 = 0x61707261;

/** Looks for a name with at least one dot inside and none at its ends: as a domain or below one, as a host, as mail's. */
export function findName(start: usize, end: usize): void {
  const hasUrls = (flags & HAS_URLS) !== 0;
  const last = <u32>load<u8>(end - 1);
  // Before hosts of URLs the walker forgives such an end.
  if (hasUrls && (last === HYPHEN || last === UNDERSCORE)) findHost(start, end);
  const dot = dotBefore(start, end);
  if (dot <= start) return;
  let label = dotBefore(start, dot) + 1;
  if (!hasTail(start, end)) return;
  const isReverse = label > start && (load<u32>(end - 4) | 0x20202020) === ARPA;
  if (isReverse && find(TAG_REVERSE_ZONE, label, <u32>(end - label)) !== 0) findReversed(start, label, end);
  while (end - label <= MAX_NAME) {
    if (find(TAG_DOMAIN, label, <u32>(end - label)) !== 0) return markHit();
    if (label === start) break;
    label = dotBefore(start, label - 1) + 1;
  }
  if (hasUrls) findHost(start, end);
  if ((flags & HAS_EMAILS) !== 0 && start > textStart && load<u8>(start - 1) === 0x40) findEmail(start, end);
}

/**
 * Looks for the host of a URL, wherever it stands: behind `://` or in a column of its own. Whether the rest agrees is
 * for the walker to see.
 */
export function findHost(start: usize, end: usize): void {
  let stop = end;
  while (stop > start && isFinal(load<u8>(stop - 1))) stop--;
  if (stop > start && find(TAG_URL_HOST, start, <u32>(stop - start)) !== 0) markHost();
}

/** Punctuation after a URL without a path is no part of its host. */
function isFinal(code: u32): boolean {
  return code === DOT || code === HYPHEN || code === UNDERSCORE;
}

/** Looks up what is looked up whole: each stretch between dots that is long enough. */
export function findExact(start: usize, end: usize): void {
  const isBareHost = (flags & HAS_BARE_HOSTS) !== 0;
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && <u32>load<u8>(to) !== DOT) to++;
    if (to - from >= shortest) {
      if (findToken(from, <u32>(to - from)) !== 0) return markHit();
      if (isBareHost) findHost(from, to);
    }
    from = to + 1;
  }
}
