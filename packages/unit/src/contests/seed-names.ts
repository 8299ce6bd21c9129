import { type ContestRecord, type ContestStatement, type Saying, sayings } from "./contest-record.ts";
import { contributionsOf, sealsFor } from "./seed.ts";

/**
 * The leaf hashes of the seals that a contribution names: of each auditor the first in its log, so that one that seals a
 * hundred times does not fill the references of the others.
 * @param records leaf hash of the records that are sealed for
 */
export function sealsToName(record: ContestRecord, records: string): string[] {
  const seals = sealsFor(record, offeredIn(record)).filter(({ of }) => of.has(records));
  return firstOfEach(seals, (seal) => seal).map(({ hash }) => hash);
}

/**
 * The contributions that a closing names, so that it counts: one of each auditor, each of which names the seals of all.
 * A seal that no majority names came too late, and a contribution that does not name those in time is left out: neither
 * can spoil the closing of the others.
 * @param records leaf hash of the records that they are for
 */
export function contributionsToClose(record: ContestRecord, records: string): Saying<"observe/seed-share">[] {
  const offered = offeredIn(record);
  const all = contributionsOf(record, sealsFor(record, offered), offered).filter((each) => each.records === records);
  const naming = new Map<string, Set<string>>();
  for (const { share } of all) {
    for (const hash of share.of) naming.set(hash, (naming.get(hash) ?? new Set()).add(share.party));
  }
  const inTime = all.filter(({ seal }) => 2 * (naming.get(seal.hash)?.size ?? 0) > record.charter.auditors.length);
  const seals = firstOfEach(inTime, ({ seal }) => seal).map(({ seal }) => seal.hash);
  const whole = inTime.filter(
    ({ seal, share }) => seals.includes(seal.hash) && seals.every((hash) => share.of.has(hash)),
  );
  return firstOfEach(whole, ({ share }) => share).map(({ share }) => share);
}

function offeredIn(record: ContestRecord): Set<string> {
  return new Set(sayings(record, "exhibit/records", [record.charter.holder]).map(({ hash }) => hash));
}

/** Of each party the member of which what it said stands first in its log. */
function firstOfEach<T>(members: readonly T[], saidIn: (member: T) => ContestStatement): T[] {
  const first = new Map<string, T>();
  for (const member of members) {
    const { party, index } = saidIn(member);
    const before = first.get(party);
    if (before === undefined || index < saidIn(before).index) first.set(party, member);
  }
  return [...first.values()];
}
