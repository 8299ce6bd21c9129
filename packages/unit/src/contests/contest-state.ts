import { type Bytes, canonicalJson, type Result, unwrap } from "@detente/basics";
import type { AuditedContest } from "@detente/record";
import { assess, type Assessment, auditable, type AuditableContest, drawContest, type DrawnName } from "./assess.ts";
import { followFrom } from "./claim.ts";
import { type ContestRecord, sayings } from "./contest-record.ts";
import { evidenceOf } from "./evidence.ts";
import type { ContestFault } from "./fault.ts";
import { type CardList, parseCards, parseVotes } from "./public-files.ts";
import { cardKey } from "./readings.ts";
import { type ClosedRound, closedRounds } from "./rounds.ts";
import { seedState, type SeedState } from "./seed.ts";

/** The public files of an audit, as anybody may hand them over: they are checked against what was committed. */
export interface ContestFiles {
  readonly cards: Bytes | undefined;
  /** By id of the contest. */
  readonly votes: ReadonlyMap<string, Bytes>;
}

export type ContestVerdict =
  /** No seed yet, or files that are not here or do not hold. */
  | "not-begun"
  | "sampling"
  /** A majority closed a round whose risk is within the limit. */
  | "confirmed"
  /** The rounds are used up, or the records do not support what is reported: all cards are counted by hand. */
  | "hand-count"
  /** Both boards counted all cards, to the same totals; `winners` are theirs. */
  | "counted";

/** How far one contest has come. */
export interface ContestProgress {
  readonly contest: AuditedContest;
  readonly verdict: ContestVerdict;
  readonly winners: readonly number[] | undefined;
  readonly auditable: AuditableContest | undefined;
  /** From 1: the round under way; the last one once there is no other. */
  readonly round: number;
  /** Its cards, those of earlier rounds first. */
  readonly drawn: readonly DrawnName[];
  /** By all that is known now. */
  readonly now: Assessment | undefined;
  readonly closed: readonly ClosedRound[];
  /** Cards of the round that a party has still to read or to open: they count as the worst until it does. */
  readonly lacking: readonly { readonly party: string; readonly what: "reading" | "opening"; readonly cards: number }[];
}

/** What the record comes to. */
export interface ContestState {
  readonly seed: SeedState;
  readonly contests: readonly ContestProgress[];
  readonly faults: readonly ContestFault[];
}

/**
 * The state of an audit as a function of its effective statements and of the public files: whoever has the same of
 * both finds the same, in whatever order they came.
 * @param among the contests that are looked at: each takes as long as its list of votes is
 */
export function contestState(
  record: ContestRecord,
  files: ContestFiles,
  among: readonly AuditedContest[] = record.charter.contests,
): ContestState {
  const seed = seedState(record);
  const faults: ContestFault[] = [...seed.faults];
  const list = listOfCards(seed, files);
  const contests = among.map((contest) => {
    const begun = openContest(seed, contest, list, files.votes.get(contest.id));
    return progressOf(record, seed, contest, begun, faults);
  });
  const distinct = new Map(faults.map((fault) => [canonicalJson({ ...fault }), fault]));
  return { seed, contests, faults: [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fault]) => fault) };
}

function progressOf(
  record: ContestRecord,
  seed: SeedState,
  contest: AuditedContest,
  begun: Result<AuditableContest> | undefined,
  faults: ContestFault[],
): ContestProgress {
  const { holder, boards, test, riskLimit } = record.charter;
  const counted = handCount(record, contest, faults);
  const none = {
    contest,
    winners: counted,
    auditable: begun?.ok === true ? begun.value : undefined,
    round: 1,
    drawn: [],
    now: undefined,
    closed: [],
    lacking: [],
  };
  if (begun?.ok === false) {
    // What does not match its digest is another file, whoever handed it over; what was committed is the holder's.
    const isOther = begun.fault.code === "wrong-digest";
    if (!isOther) {
      const message = `has committed to what cannot be audited: ${begun.fault.message}`;
      faults.push({ code: "bad-files", party: holder, message });
    }
    const verdict = isOther ? "not-begun" : "hand-count";
    return { ...none, verdict: counted === undefined ? verdict : "counted" };
  }
  if (begun === undefined || seed.seed === undefined) {
    return { ...none, verdict: counted === undefined ? "not-begun" : "counted" };
  }
  // The list of cards names each once.
  const order = unwrap(drawContest(seed.seed, begun.value, contest.rounds.at(-1) ?? 0));
  const closed = closedRounds(record, seed, begun.value, order, faults);
  const confirming = closed.find(({ assessment }) => assessment.risk * 1e6 <= riskLimit);
  const last = closed.at(-1)?.round ?? 0;
  const isUsedUp = last === contest.rounds.length;
  const round = confirming?.round ?? (isUsedUp ? last : last + 1);
  const drawn = order.slice(0, contest.rounds[round - 1]);
  const evidence = evidenceOf(record, seed, contest.id);
  faults.push(...evidence.faults);
  const named = drawn.flatMap(({ card }) => (card === undefined ? [] : [card]));
  const cards = named.map(cardKey);
  // Of a pool there is nothing to open: its totals are public.
  const committed = named.filter(([batch]) => !begun.value.pools.has(batch)).map(cardKey);
  const lacking = [
    ...boards.map((party) => ({
      party,
      what: "reading" as const,
      cards: cards.filter((key) => evidence.readBy.get(key)?.has(party) !== true).length,
    })),
    { party: holder, what: "opening" as const, cards: committed.filter((key) => !evidence.opened.has(key)).length },
  ].filter((each) => each.cards > 0);
  const now = assess(begun.value, test, drawn, evidence);
  const open = isUsedUp ? "hand-count" : "sampling";
  const verdict = counted !== undefined ? "counted" : confirming !== undefined ? "confirmed" : open;
  return { ...none, verdict, round, drawn, now, closed, lacking };
}

/** The public list of cards, where it is here. */
function listOfCards({ records }: SeedState, { cards }: ContestFiles): Result<CardList> | undefined {
  return records === undefined || cards === undefined ? undefined : parseCards(cards, records.content.cards);
}

/** The contest's public files, where they are here; a fault where they are not what was committed or do not add up. */
function openContest(
  { records }: SeedState,
  contest: AuditedContest,
  list: Result<CardList> | undefined,
  votesFile: Bytes | undefined,
): Result<AuditableContest> | undefined {
  if (records === undefined) return undefined;
  const committed = records.content.contests.find(({ id }) => id === contest.id);
  if (committed === undefined) {
    return { ok: false, fault: { code: "bad-files", message: `nothing is committed of the contest ${contest.id}` } };
  }
  if (list === undefined || votesFile === undefined) return undefined;
  if (!list.ok) return list;
  const votes = parseVotes(votesFile, committed.votes, contest.id, contest.candidates.length);
  return votes.ok ? auditable(contest, committed, list.value, votes.value) : votes;
}

/**
 * The winners that both boards counted, where their totals are the same; nothing where one states two counts. A count
 * whose winners its own totals do not give is none.
 */
function handCount(
  record: ContestRecord,
  contest: AuditedContest,
  faults: ContestFault[],
): readonly number[] | undefined {
  const { boards } = record.charter;
  const counts = sayings(record, "observe/hand-count", boards).filter(({ party, content }) => {
    if (content.contest !== contest.id) return false;
    if (followFrom(contest, content.totals, content.winners)) return true;
    const message = `states a count of the contest ${contest.id} whose winners do not follow from its totals`;
    faults.push({ code: "wrong-numbers", party, message });
    return false;
  });
  const valuesOf = (parties: readonly string[]): number =>
    new Set(counts.flatMap((each) => (parties.includes(each.party) ? [canonicalJson({ ...each.content })] : []))).size;
  for (const party of boards.filter((board) => valuesOf([board]) > 1)) {
    faults.push({ code: "contradicts-itself", party, message: `has stated two counts of the contest ${contest.id}` });
  }
  const isOfBoth = boards.every((board) => valuesOf([board]) === 1);
  return isOfBoth && valuesOf(boards) === 1 ? counts[0]?.content.winners : undefined;
}
