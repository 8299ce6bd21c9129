import { equalBytes, fromHex, present, sha256, toHex, utf8 } from "@detente/basics";
import { isExpired } from "@detente/record";
import type { HitClass } from "@detente/screen";
import type { IndexedItem, IndexReader } from "@detente/store";
import type { BlindHit, BlindHits, OfferedHit } from "../api/watch-contract.ts";
import type { StandingShare } from "../standing-shares.ts";
import type { Book } from "./book.ts";
import { type Pending, pendingOf } from "./pending.ts";
import type { Outcome } from "./releaser.ts";
import type { Tally } from "./tally.ts";
import { isStrong, type WatchPolicy } from "./watched-source.ts";

const PAGE = 1000;

export interface OfferOptions {
  readonly book: Book;
  readonly reader: Pick<IndexReader, "searchItems">;
  /** A share that is in effect and was not withdrawn. */
  readonly standing: (share: string) => StandingShare | undefined;
  readonly policy: WatchPolicy;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A hit, by the id that it has in the book, and why nothing can become of it, if so. */
export interface Offer {
  readonly id: string;
  readonly refused?: string;
}

/**
 * Puts hits of a blind look-up into the book, where an officer or the policy decides about them. That a label names an
 * item of a share is the partner's word alone: a sighting is made only where the partner's share, as this party can read
 * it, has that very indicator there. The same hits are offered once, however often a log is looked through.
 * @returns an offer for each hit, in their order
 */
export async function takeUp(
  options: OfferOptions,
  { partner, source, hits, isReleased }: BlindHits,
): Promise<Offer[]> {
  const { book, policy, now } = options;
  const offers: Offer[] = [];
  const pending = new Map<string, Pending>();
  for (const hit of hits) {
    const tally = tallyOf(partner, source, hit, policy, now);
    const { id } = tally;
    const refused = book.isDecided(id) ? "it was said, or dropped, before" : await flawOf(options, partner, hit);
    offers.push(refused === undefined ? { id } : { id, refused });
    if (refused !== undefined) continue;
    const one = book.pending(id) ?? { ...pendingOf(tally, policy), partner };
    pending.set(id, isReleased ? { ...one, releasedBy: one.releasedBy ?? "officer" } : one);
  }
  await book.change({ pending: [...pending.values()] });
  return offers;
}

/** What has become of an offer. @param outcomes by id @param why it waits where an officer or the policy has let it out */
export function offeredHit(
  { id, refused }: Offer,
  book: Book,
  outcomes: ReadonlyMap<string, Outcome>,
  why: string,
): OfferedHit {
  if (refused !== undefined) return { id, is: "dropped", why: refused };
  const outcome = outcomes.get(id);
  if (outcome?.is === "said") return { id, is: "said", leafHash: outcome.leafHash };
  if (outcome !== undefined) return { id, is: outcome.is, why: outcome.why };
  return { id, is: "waits", why: book.pending(id)?.releasedBy === null ? "an officer has to let it out" : why };
}

async function flawOf(options: OfferOptions, partner: string, hit: BlindHit): Promise<string | undefined> {
  const share = options.standing(hit.share);
  if (share === undefined)
    return "this party can read no such share that is in effect, so nothing can be said about it";
  if (share.party !== partner) return `the share is one of ${share.party}, whatever the label of ${partner} says`;
  const item = await itemAt(options.reader, hit);
  if (item === undefined) return `the share has something else there, whatever the label of ${partner} says`;
  return isExpired(item, options.now) ? "the indicator has expired" : undefined;
}

/** A line from the future happened when it was looked at: what writes the log may lie or have a wrong clock. */
function tallyOf(party: string, source: string, hit: BlindHit, policy: WatchPolicy, now: number): Tally {
  const { kind, value, share, index, classes } = hit;
  const [first, last, from, until] = [hit.first, hit.last, hit.from, hit.to].map((at) => Math.min(at, now)) as Times;
  const count = Object.values(classes).reduce((sum, one) => sum + one, 0);
  const id = toHex(sha256(utf8(JSON.stringify([party, source, share, index, count, first, last])))).slice(0, 16);
  const isWeak = (Object.keys(classes) as HitClass[]).every((as) => !isStrong(as, policy));
  const seen = { from, until, count, first, last, classes, isNoisy: count > policy.noisy };
  return { id, source, party, share, index, indicator: { kind, value }, isWeak, ...seen };
}

type Times = [first: number, last: number, from: number, to: number];

async function itemAt(
  reader: Pick<IndexReader, "searchItems">,
  { kind, value, share, index }: BlindHit,
): Promise<IndexedItem | undefined> {
  const leafHash = present(fromHex(share), "a leaf hash");
  let after: number | undefined;
  do {
    const query = { text: value, match: "exact", kind, limit: PAGE } as const;
    const page = await reader.searchItems(after === undefined ? query : { ...query, after });
    const found = page.rows.find((row) => row.item === index && equalBytes(row.share, leafHash));
    if (found !== undefined) return found;
    after = page.next;
  } while (after !== undefined);
  return undefined;
}
