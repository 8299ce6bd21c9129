import {
  type Bytes,
  compareBytes,
  err,
  type Fault,
  hmacSha256,
  ok,
  type Result,
  sha256,
  toHex,
  utf8,
} from "@detente/basics";
import {
  type CardName,
  Collection,
  type CommittedContest,
  type ContestContent,
  type Marks,
  type RecordsContent,
} from "@detente/record";
import { claimOf, totalsOf } from "./claim.ts";
import { itemOf } from "./evidence.ts";
import { formatCards, formatVotes } from "./public-files.ts";
import { cardKey } from "./readings.ts";
import { type ContestPools, type ListedCard, styleList } from "./styles.ts";

/** What the holder publishes, and what it keeps to open cards with. */
export interface Commitment {
  readonly content: RecordsContent;
  readonly cards: Bytes;
  /** By id of the contest. */
  readonly votes: ReadonlyMap<string, Bytes>;
  /** By id of the contest, in the order of the collection. Secret. */
  readonly items: ReadonlyMap<string, readonly ItemOfContest[]>;
}

export interface ItemOfContest {
  readonly card: CardName;
  readonly marks: Marks;
}

/** Who is reported to have won by records and totals of pools. */
type Reporting = typeof claimOf;

export type CommitFault = Fault<"rare-contest" | "not-in-manifest" | "duplicate-card" | "bad-claim">;

/**
 * Commits to records: for each contest a salted collection of its cards in an order that nobody else can tell, and
 * beside it the bare list of marks in that order (after SOBA: Benaloh, Jones, Lazarus, Lindeman, Stark, EVT/WOTE 2011).
 * Anybody can add up the list; which entry is whose only an opening says, and for one contest alone.
 * @param key 32 random bytes, kept secret; the same key and records give the same commitment
 * @param pools batches of which there are no records, but totals (ONEAudit); they must be of no other use
 * @param report who is reported to have won: by the records themselves, unless the caller says otherwise
 */
export function commitRecords(
  charter: ContestContent,
  manifest: readonly { readonly name: string; readonly cards: number }[],
  recorded: readonly ListedCard[],
  key: Bytes,
  report: Reporting = claimOf,
  pools: ContestPools = new Map(),
): Result<Commitment, CommitFault> {
  const styled = styleList(charter, manifest, recorded, pools);
  if (!styled.ok) return styled;
  const { list, cards: all } = styled.value;
  const cards = formatCards(list);
  const votes = new Map<string, Bytes>();
  const items = new Map<string, readonly ItemOfContest[]>();
  const contests: CommittedContest[] = [];
  for (const contest of charter.contests) {
    const ordered = inSecretOrder(key, contest.id, all(contest.id));
    const marks = ordered.map((item) => item.marks);
    const ofPools = pools.get(contest.id) ?? [];
    const inPools = ofPools.reduce((sum, pool) => sum + pool.recorded, 0);
    const count = marks.filter((each) => each !== null).length + inPools;
    if (count < charter.leastStyle) {
      const what = `contest ${contest.id}: only ${count} cards hold it, fewer than ${charter.leastStyle}: count it by hand and publish totals alone`;
      return err("rare-contest", what);
    }
    const claim = report(contest, marks, ofPools);
    if (!claim.ok) return claim;
    const collection = collectionOf(key, contest.id, ordered);
    const file = formatVotes(contest.id, { votes: marks, pools: ofPools });
    votes.set(contest.id, file);
    items.set(contest.id, ordered);
    contests.push({
      id: contest.id,
      collection: collection.root(),
      votes: { digest: toHex(sha256(file)), size: file.length },
      recorded: count,
      totals: totalsOf(contest, marks, ofPools),
      ...claim.value,
    });
  }
  const count = list.batches.reduce((sum, batch) => sum + batch.cards.length, 0);
  const content = { cards: { digest: toHex(sha256(cards)), size: cards.length, count }, contests };
  return ok({ content, cards, votes, items });
}

/** The collection of a contest, to open its items with. */
export function collectionOf(key: Bytes, contest: string, items: Iterable<ItemOfContest>): Collection {
  const collection = new Collection(hmacSha256(key, utf8(`collection\n${contest}`)));
  for (const { card, marks } of items) collection.add(itemOf(card, marks));
  return collection;
}

function inSecretOrder(key: Bytes, contest: string, items: Iterable<ItemOfContest>): ItemOfContest[] {
  const secret = hmacSha256(key, utf8(`order\n${contest}`));
  return Array.from(items, (item) => {
    const at = hmacSha256(secret, utf8(cardKey(item.card)));
    // Four bytes settle nearly every comparison.
    return { item, at, head: new DataView(at.buffer, at.byteOffset).getUint32(0) };
  })
    .sort((a, b) => a.head - b.head || compareBytes(a.at, b.at))
    .map(({ item }) => item);
}
