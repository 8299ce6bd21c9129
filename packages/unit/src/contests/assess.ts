import { type Bytes, canonicalJsonBytes, err, type Fault, ok, type Result } from "@detente/basics";
import type { AuditedContest, CardName, CommittedContest, Marks, RiskTest } from "@detente/record";
import {
  adaptiveBet,
  type Assorter,
  assortersOf,
  type Bet,
  type Comparison,
  comparison,
  type ContestVotes,
  drawCards,
  type FoundCard,
  foundUnits,
  Martingale,
  overstatement,
  phantomCards,
  poolUnits,
  totalUnits,
  truncatedShrinkage,
} from "@detente/rla";
import { outcomeOf, totalsOf, votesOf } from "./claim.ts";
import type { Evidence } from "./evidence.ts";
import { type CardList, cardsOf, type VoteList } from "./public-files.ts";
import { type PoolOfCards, poolsOf } from "./pools.ts";
import { cardKey } from "./readings.ts";

/** A contest whose public files were found to be what was committed, and to support what is reported. */
export interface AuditableContest {
  readonly contest: AuditedContest;
  readonly committed: CommittedContest;
  readonly cards: readonly CardName[];
  readonly votes: readonly Marks[];
  /** Batches of which only totals are reported, by name, with how many of their cards may hold the contest. */
  readonly pools: ReadonlyMap<string, PoolOfCards>;
  /** How many cards must exist, by the bound, that nothing records. */
  readonly phantoms: number;
  readonly claims: readonly { readonly assorter: Assorter; readonly comparison: Comparison }[];
}

/** A card that was drawn, or a phantom. */
export interface DrawnName {
  readonly card: CardName | undefined;
  readonly ticket: Bytes;
}

/** How many cards have so many units, ascending. */
type Counts = readonly (readonly [units: number, cards: number])[];

/** What a sample shows of a contest. */
export interface Assessment {
  readonly drawn: number;
  /** For each claim: how many cards overstate it by how many units, ascending, without those by 0. */
  readonly overstatements: readonly Counts[];
  /** For each claim: how many cards of pools were found to have A of so many units, ascending; only where there are pools. */
  readonly pooled?: readonly Counts[];
  /** The largest risk of the claims. */
  readonly risk: number;
}

/**
 * Checks a contest's public files against what was committed. Everybody must do so: records whose list adds up to
 * other totals than are reported would agree with every card that is drawn.
 */
export function auditable(
  contest: AuditedContest,
  committed: CommittedContest,
  list: CardList,
  { votes, pools: named }: VoteList,
): Result<AuditableContest, Fault<"bad-files" | "bad-claim" | "claim-not-supported" | "more-cards-than-bound">> {
  const refuse = (what: string): Result<never, Fault<"bad-files">> =>
    err("bad-files", `contest ${contest.id}: ${what}`);
  const cards = [...cardsOf(list, contest.id)];
  const pools = poolsOf(contest, cards, named);
  if (!pools.ok) return pools;
  const { count } = committed.collection;
  const single = cards.filter(([batch]) => !pools.value.has(batch)).length;
  if (votes.length !== count || single !== count) {
    return refuse(`${single} cards may hold it, ${votes.length} are listed and ${count} committed; all must be equal`);
  }
  const ofPools = named.reduce((sum, pool) => sum + pool.recorded, 0);
  const recorded = votes.filter((marks) => marks !== null).length + ofPools;
  if (recorded !== committed.recorded) return refuse(`${recorded} cards hold it, ${committed.recorded} are claimed to`);
  const totals = totalsOf(contest, votes, named);
  if (totals.some((total, i) => total !== committed.totals[i]) || totals.length !== committed.totals.length) {
    return refuse(`its list adds up to ${totals.join(", ")}, committed are ${committed.totals.join(", ")}`);
  }
  const outcome = outcomeOf(contest, committed);
  if (!outcome.ok) return outcome;
  const phantoms = phantomCards(contest.bound, recorded);
  if (!phantoms.ok) return phantoms;
  const claims: AuditableContest["claims"][number][] = [];
  const ballots = votesOfAll(votes);
  for (const assorter of assortersOf(outcome.value)) {
    // A card of a pool that does not hold the contest counts ½, as a phantom does.
    const others = phantoms.value + cards.length - single - ofPools;
    const pooled = named.reduce((sum, pool) => sum + poolUnits(assorter, pool), 0);
    const units = totalUnits(assorter, ballots) + pooled + (others * assorter.scale) / 2;
    const compared = comparison(assorter, { units, cards: cards.length + phantoms.value });
    if (!compared.ok) return compared;
    claims.push({ assorter, comparison: compared.value });
  }
  return ok({ contest, committed, cards, votes, pools: pools.value, phantoms: phantoms.value, claims });
}

/** The first `count` cards of a contest's order, in it: SHA-256(seed ‖ canonical id), smallest first. */
export function drawContest(
  seed: Bytes,
  { contest, cards, phantoms }: AuditableContest,
  count: number,
): Result<DrawnName[], Fault<"duplicate-card">> {
  function* ids(): Generator<Bytes> {
    for (const card of cards) yield canonicalJsonBytes(card);
    // An object, so that no card of any batch has this id.
    for (let i = 1; i <= phantoms; i++) yield canonicalJsonBytes({ phantom: [contest.id, i] });
  }
  const drawn = drawCards(seed, ids(), count);
  if (!drawn.ok) return drawn;
  const text = new TextDecoder();
  return ok(
    drawn.value.map(({ id, ticket }) => {
      const named = JSON.parse(text.decode(id)) as CardName | object;
      return { ticket, card: Array.isArray(named) ? (named as unknown as CardName) : undefined };
    }),
  );
}

/** Votes of all cards. Marks that are one object, as they are in a list that was read, are turned into votes once. */
function votesOfAll(votes: readonly Marks[]): (ContestVotes | undefined)[] {
  const known = new Map<Marks, ContestVotes | undefined>();
  for (const marks of votes) if (!known.has(marks)) known.set(marks, votesOf(marks));
  return votes.map((marks) => known.get(marks));
}

/** Measures the risk of a contest by the cards drawn so far; what is not known of one counts as the worst. */
export function assess(
  auditing: AuditableContest,
  test: RiskTest,
  drawn: readonly DrawnName[],
  evidence: Pick<Evidence, "found" | "opened">,
): Assessment {
  const { claims, cards, phantoms, pools } = auditing;
  const overstatements: Counts[] = [];
  const pooled: Counts[] = [];
  let risk = 0;
  for (const { assorter, comparison: compared } of claims) {
    const martingale = new Martingale(
      { cards: cards.length + phantoms, bound: compared.bound, mean: 1 / 2 },
      betOf(test, compared),
    );
    const counts = new Map<number, number>();
    const found = new Map<number, number>();
    for (const { card } of drawn) {
      const pool = card === undefined ? undefined : pools.get(card[0]);
      if (card !== undefined && pool !== undefined) {
        const units = foundUnits(assorter, seenOf(auditing, card, evidence), true);
        found.set(units, (found.get(units) ?? 0) + 1);
        martingale.add(compared.value(poolUnits(assorter, pool) / pool.cards - units));
        continue;
      }
      const over = overstatedBy(auditing, assorter, card, evidence);
      if (over !== 0) counts.set(over, (counts.get(over) ?? 0) + 1);
      martingale.add(compared.value(over));
    }
    overstatements.push(ascending(counts));
    pooled.push(ascending(found));
    risk = Math.max(risk, martingale.risk);
  }
  return { drawn: drawn.length, overstatements, ...(pools.size > 0 && { pooled }), risk };
}

function ascending(counts: ReadonlyMap<number, number>): Counts {
  return [...counts].sort((a, b) => a[0] - b[0]);
}

/** What both boards read of a card; one that does not hold the contest, of a pool too, counts 0 where it is held to. */
function seenOf({ contest }: AuditableContest, card: CardName, { found }: Pick<Evidence, "found">): FoundCard {
  const marks = found.get(cardKey(card));
  const isRead = marks !== undefined && marks !== "missing" && areOf(contest, marks);
  return isRead ? { kind: "read", votes: votesOf(marks) } : { kind: "missing" };
}

/**
 * By how many units the commitment overstates a claim on one card. A card that was not opened, or not as the public
 * list has it, counts as if the best for the claim had been committed: it could be any item that nobody else opens.
 */
function overstatedBy(
  auditing: AuditableContest,
  assorter: Assorter,
  card: CardName | undefined,
  evidence: Pick<Evidence, "found" | "opened">,
): number {
  if (card === undefined) return overstatement(assorter, { kind: "phantom" }, { kind: "missing" }, true);
  const seen = seenOf(auditing, card, evidence);
  const item = evidence.opened.get(cardKey(card));
  if (item === undefined || JSON.stringify(auditing.votes[item.index]) !== JSON.stringify(item.marks)) {
    return assorter.bound - foundUnits(assorter, seen, true);
  }
  return overstatement(assorter, { kind: "record", votes: votesOf(item.marks) }, seen, item.marks !== null);
}

function areOf({ candidates }: AuditedContest, marks: Marks): boolean {
  return (marks ?? []).every(([candidate]) => candidate < candidates.length);
}

function betOf(test: RiskTest, compared: Comparison): Bet {
  if (test.name === "alpha") {
    const { weight, clearance } = test;
    return truncatedShrinkage({ reported: compared.flawless, weight, clearance: clearance / 1e6 });
  }
  const { o1, o2, u1, u2 } = test.expected;
  const expected = { o1: o1 / 1e6, o2: o2 / 1e6, u1: u1 / 1e6, u2: u2 / 1e6 };
  return adaptiveBet(compared, { expected, weight: test.weight });
}
