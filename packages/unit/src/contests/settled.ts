import { canonicalJson } from "@detente/basics";
import type { SeedChanceContent } from "@detente/record";
import { type ContestRecord, type Saying, sayings } from "./contest-record.ts";
import { grouped } from "./grouped.ts";
import type { Closing } from "./seed.ts";

/** What a majority of the auditors said of dice and beacon, upon contributions that were closed. */
export interface Settled {
  readonly attempt: number;
  readonly closing: Closing;
  /** Leaf hashes of the closings that were named. */
  readonly closings: readonly string[];
  readonly chance: SeedChanceContent;
  readonly by: readonly string[];
}

/**
 * How many auditors must close an attempt alike. A later one needs all of them: whoever has seen an earlier one closed in
 * time takes no part in it, so nobody can have another seed by closing again once dice and beacon are known.
 */
export function closingQuorum(auditors: readonly string[], attempt: number): number {
  return attempt === 1 ? Math.floor(auditors.length / 2) + 1 : auditors.length;
}

/**
 * The attempt that is settled: more than half of the auditors say the same of its dice and beacon, each naming closings
 * of the same contributions by as many auditors as it takes. It rests on statements that are there and on nothing that
 * is not, so nothing that an auditor says afterwards undoes it. `undefined` also where two such things are said.
 */
export function settledOf(record: ContestRecord, closings: readonly Closing[]): Settled | undefined {
  const { auditors } = record.charter;
  const byHash = grouped(closings, ({ statement }) => statement.hash);
  const said = new Map<string, { settled: Settled; by: Set<string>; closings: Set<string> }>();
  for (const { party, of, content } of sayings(record, "observe/seed-chance", auditors)) {
    if (!isAsked(record, content)) continue;
    const named = [...of]
      .flatMap((hash) => byHash.get(hash) ?? [])
      .filter(({ statement }) => statement.content.attempt === content.attempt);
    for (const [set, alike] of grouped(named, setOf)) {
      const behind = new Set(alike.map(({ statement }) => statement.party));
      const [closing] = alike;
      if (closing === undefined || behind.size < closingQuorum(auditors, content.attempt)) continue;
      const key = canonicalJson([set, content as never]);
      const settled = { attempt: content.attempt, closing, closings: [], chance: content, by: [] };
      const known = said.get(key) ?? { settled, by: new Set<string>(), closings: new Set<string>() };
      known.by.add(party);
      for (const { statement } of alike) known.closings.add(statement.hash);
      said.set(key, known);
    }
  }
  const carried = [...said.values()].filter(({ by }) => by.size > auditors.length / 2);
  const first = carried.reduce((least, { settled }) => Math.min(least, settled.attempt), Number.POSITIVE_INFINITY);
  const [one, another] = carried.filter(({ settled }) => settled.attempt === first);
  if (one === undefined || another !== undefined) return undefined;
  return { ...one.settled, closings: [...one.closings].sort(), by: [...one.by].sort() };
}

/** The contributions that a closing names, as one text. */
export function setOf({ statement, contributions }: Closing): string {
  return canonicalJson([statement.content.attempt, contributions.map(({ share }) => share.hash)]);
}

/** Whether it is of the dice and the beacon's round that the charter asks for. */
function isAsked({ charter }: ContestRecord, { attempt, dice, beacon }: SeedChanceContent): boolean {
  const { dice: rolls, beacon: asked } = charter.seed;
  return dice.length === rolls && beacon.name === asked.name && beacon.round === asked.rounds[attempt - 1]?.round;
}

/** Of which auditors something was said besides what is settled. */
export function othersThan(record: ContestRecord, { attempt, chance }: Settled): Saying<"observe/seed-chance">[] {
  const settled = canonicalJson(chance as never);
  return sayings(record, "observe/seed-chance", record.charter.auditors).filter(
    ({ content }) =>
      content.attempt === attempt && isAsked(record, content) && canonicalJson(content as never) !== settled,
  );
}
