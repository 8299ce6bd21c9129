import { type Bytes, canonicalJsonBytes, concatBytes, sha256, utf8 } from "@detente/basics";
import type { RecordsContent, SeedChanceContent } from "@detente/record";
import { type ContestRecord, type Saying, sayings } from "./contest-record.ts";
import type { ContestFault } from "./fault.ts";
import { grouped } from "./grouped.ts";
import { majorityOf } from "./majority.ts";
import { closingQuorum, othersThan, setOf, type Settled, settledOf } from "./settled.ts";

/** How far the seed has come. Each is there once what it builds on is. */
export interface SeedState {
  /** Parties of the charter that have not accepted it. */
  readonly lacking: readonly string[];
  /** The records that a majority of the auditors has sealed for. */
  readonly records: Saying<"exhibit/records"> | undefined;
  /** Who has sealed for records of the holder, and who has shown what it sealed. */
  readonly sealed: readonly string[];
  readonly shown: readonly string[];
  /** The contributions that a majority of the auditors has closed, in order of their authors' names. */
  readonly closed:
    | {
        readonly attempt: number;
        readonly shares: readonly Saying<"observe/seed-share">[];
        /** Leaf hashes; of each auditor the first, or one that closes twice would pass for two. */
        readonly closings: readonly string[];
      }
    | undefined;
  readonly chance: SeedChanceContent | undefined;
  /** 32 bytes. */
  readonly seed: Bytes | undefined;
  readonly faults: readonly ContestFault[];
}

/** What an auditor has sealed and shown. */
export interface Contribution {
  readonly share: Saying<"observe/seed-share">;
  readonly seal: Saying<"seal/commitment">;
  /** Leaf hash of the records that it was sealed for. */
  readonly records: string;
}

/** What an auditor has closed. */
export interface Closing {
  readonly statement: Saying<"observe/seed-closing">;
  readonly contributions: readonly Contribution[];
}

/**
 * The seed of an audit. Order comes from references alone: a seal names the records, a contribution all the seals, a
 * closing all the contributions that count, and what dice and beacon gave names closings of a majority. So nobody knew
 * anything of the seed when committing to records, no contribution could be chosen by another, and whoever withheld one
 * did so before dice and beacon: it is left out, and has gained nothing.
 */
export function seedState(record: ContestRecord): SeedState {
  const { charter, hash } = record;
  const { holder, auditors, boards } = charter;
  const everyone = [...new Set([holder, ...auditors, ...boards])].sort();
  const accepted = new Set(sayings(record, "position/accept", everyone).map(({ party }) => party));
  const lacking = everyone.filter((party) => !accepted.has(party));
  const faults: ContestFault[] = [];
  const offered = sayings(record, "exhibit/records", [holder]);
  if (offered.length > 1) {
    faults.push({ code: "committed-twice", party: holder, message: "has committed to records more than once" });
  }
  const offeredHashes = new Set(offered.map((each) => each.hash));
  const seals = sealsFor(record, offeredHashes);
  const sealed = [...new Set(seals.map(({ party }) => party))].sort();
  const chosen = majorityOf(auditors, seals, ({ of }) => [...of].find((each) => offeredHashes.has(each)));
  const records = offered.find((each) => each.hash === chosen?.key);
  const contributions = contributionsOf(record, seals, offeredHashes);
  const shown = [...new Set(contributions.map(({ share }) => share.party))].sort();
  const nothing = { lacking, records, sealed, shown, closed: undefined, chance: undefined, seed: undefined, faults };
  if (lacking.length > 0 || records === undefined) return nothing;
  const closings = closingsOf(record, contributions, records.hash);
  const settled = settledOf(record, closings);
  const closed = settled === undefined ? closedOf(record, closings, faults) : settled;
  if (closed === undefined) return nothing;
  const shares = closed.closing.contributions.map(({ share }) => share);
  for (const party of auditors) {
    if (shares.some((share) => share.party === party)) continue;
    faults.push(
      sealed.includes(party)
        ? { code: "withheld-share", party, message: "has not shown in time what it sealed for the seed" }
        : { code: "withheld-seal", party, message: "has sealed nothing for the seed in time" },
    );
  }
  const named = new Set(closed.closings);
  const state = { ...nothing, closed: { attempt: closed.attempt, shares, closings: firstOfEach(closings, named) } };
  if (settled === undefined) return state;
  faults.push(...faultsBeside(record, settled, closings));
  const { chance } = settled;
  return { ...state, chance, seed: seedOf(hash, records.content, shares, chance) };
}

/** What is closed while dice and beacon are not settled: of each auditor its closing of the highest attempt counts. */
function closedOf(
  record: ContestRecord,
  closings: readonly Closing[],
  faults: ContestFault[],
): Omit<Settled, "chance" | "by"> | undefined {
  const { auditors } = record.charter;
  const votes = closings.map((closing) => ({ party: closing.statement.party, closing }));
  const {
    key,
    votes: alike,
    contradicting,
  } = majorityOf(
    auditors,
    votes,
    ({ closing }) => setOf(closing),
    ({ closing }) => closing.statement.content.attempt,
  );
  for (const party of contradicting) {
    const message = "has closed the contributions of one attempt in two ways";
    faults.push({ code: "contradicts-itself", party, message });
  }
  const [vote] = alike;
  if (key === undefined || vote === undefined) return undefined;
  const { attempt } = vote.closing.statement.content;
  if (alike.length < closingQuorum(auditors, attempt)) return undefined;
  return { attempt, closing: vote.closing, closings: alike.map(({ closing }) => closing.statement.hash) };
}

/** Leaf hashes of the closings that are named, of each auditor that which stands first in its log. */
function firstOfEach(closings: readonly Closing[], named: ReadonlySet<string>): string[] {
  const first = new Map<string, string>();
  for (const { statement } of closings) {
    if (named.has(statement.hash) && !first.has(statement.party)) first.set(statement.party, statement.hash);
  }
  return [...first.values()].sort();
}

/** Who says other things than what is settled, or closes again what is: neither changes anything. */
function faultsBeside(record: ContestRecord, settled: Settled, closings: readonly Closing[]): ContestFault[] {
  const faults = new Map<string, ContestFault>();
  const add = (fault: ContestFault): unknown => faults.set(`${fault.code} ${fault.party}`, fault);
  for (const { party } of othersThan(record, settled)) {
    add(
      settled.by.includes(party)
        ? { code: "contradicts-itself", party, message: "has said two things of the same dice and beacon" }
        : { code: "differs", party, message: "says of dice and beacon what the majority does not" },
    );
  }
  const named = new Set(settled.closings);
  const parties = new Set(closings.flatMap(({ statement }) => (named.has(statement.hash) ? [statement.party] : [])));
  for (const { statement } of closings) {
    const { party, content } = statement;
    if (named.has(statement.hash) || content.attempt < settled.attempt || !parties.has(party)) continue;
    const message = "has closed otherwise, or again, what it had closed for the seed";
    add({ code: "contradicts-itself", party, message });
  }
  return [...faults.values()];
}

/** Seals of auditors that name one statement of records, and so were written after it. */
export function sealsFor(record: ContestRecord, offered: ReadonlySet<string>): Saying<"seal/commitment">[] {
  return sayings(record, "seal/commitment", record.charter.auditors).filter(
    ({ of }) => [...of].filter((hash) => offered.has(hash)).length === 1,
  );
}

/** What auditors have shown of what they had sealed themselves. */
export function contributionsOf(
  record: ContestRecord,
  seals: readonly Saying<"seal/commitment">[],
  offered: ReadonlySet<string>,
): Contribution[] {
  const bySeal = new Map(seals.map((seal) => [`${seal.log} ${seal.hash}`, seal]));
  return sayings(record, "observe/seed-share", record.charter.auditors).flatMap((share) => {
    const seal = bySeal.get(`${share.log} ${share.unseals}`);
    const records = [...(seal?.of ?? [])].find((hash) => offered.has(hash));
    if (seal === undefined || records === undefined || share.content.by !== share.party) return [];
    return [{ share, seal, records }];
  });
}

/** Closings of contributions of a majority, each of which was shown after all of them were sealed. */
function closingsOf(record: ContestRecord, all: readonly Contribution[], records: string): Closing[] {
  const { auditors, seed } = record.charter;
  const byHash = grouped(all, ({ share }) => share.hash);
  return sayings(record, "observe/seed-closing", auditors).flatMap((statement) => {
    const named = [...statement.of].flatMap((hash) => byHash.get(hash) ?? []);
    const authors = new Set(named.map(({ share }) => share.party));
    const isWhole = authors.size === named.length && named.length > auditors.length / 2;
    const isBlind = named.every(
      ({ share, records: of }) => of === records && named.every(({ seal }) => share.of.has(seal.hash)),
    );
    if (!isWhole || !isBlind || statement.content.attempt > seed.beacon.rounds.length) return [];
    return [{ statement, contributions: named.toSorted((a, b) => (a.share.party < b.share.party ? -1 : 1)) }];
  });
}

/** SHA-256 over a domain and the canonical JSON of all that goes into the seed: 32 bytes. */
function seedOf(
  contest: string,
  records: RecordsContent,
  shares: readonly Saying<"observe/seed-share">[],
  { dice, beacon }: SeedChanceContent,
): Bytes {
  const roots = [records.cards.digest, ...records.contests.map(({ collection }) => collection.root)];
  const random = shares.map(({ party, content }) => [party, content.random]);
  const all = canonicalJsonBytes({ contest, roots, random, dice, beacon: { ...beacon } });
  return sha256(concatBytes(utf8("detente/contest-seed/1\n"), all));
}
