import { canonicalJson } from "@detente/basics";
import type { CardName, Marks } from "@detente/record";
import { type ContestRecord, type Saying, sayings } from "./contest-record.ts";
import type { ContestFault } from "./fault.ts";
import { grouped } from "./grouped.ts";

/** The canonical id of a card as text. */
export function cardKey(card: CardName): string {
  return canonicalJson(card);
}

/** What one board read and had sealed. */
export interface Reading {
  readonly statement: Saying<"observe/readings">;
  /** Leaf hash of the seal. */
  readonly seal: string;
  /** Canonical JSON of the marks, by `cardKey`. */
  readonly marks: ReadonlyMap<string, string>;
}

/** What the boards read in one contest. */
export interface Readings {
  /** Readings of the two boards of which each was shown after both were sealed. */
  readonly pairs: readonly (readonly [Reading, Reading])[];
  /** By `cardKey`, what both say; undefined where they differ. */
  readonly found: ReadonlyMap<string, Marks | "missing" | undefined>;
  /** By `cardKey`, the boards that have read the card in a reading that was sealed. */
  readonly readBy: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whether a statement is among those that are looked at. */
export type IsMeant = (statement: { readonly hash: string }) => boolean;

/**
 * What the boards found. Readings count in pairs, so neither board can have known the other's. Of a card that was read
 * differently, by whomever and whenever, nothing counts but one and the same reading that both sign knowing the
 * readings before; which statement came first cannot matter.
 */
export function readingsOf(record: ContestRecord, contest: string, isMeant: IsMeant, faults: ContestFault[]): Readings {
  const { boards } = record.charter;
  const sealed = sealedReadings(record, contest, isMeant, faults);
  const [one = [], other = []] = boards.map((board) => sealed.filter(({ statement }) => statement.party === board));
  // By what each names, which is little: a board that shows thousands of readings costs thousands of steps.
  const bySeal = grouped(other, ({ seal }) => seal);
  const pairs = one.flatMap((a) =>
    [...a.statement.of].flatMap((hash) =>
      (bySeal.get(hash) ?? []).flatMap((b): [Reading, Reading][] => (b.statement.of.has(a.seal) ? [[a, b]] : [])),
    ),
  );
  const paired = new Set(pairs.flat());
  for (const reading of sealed) {
    if (paired.has(reading) || one.length === 0 || other.length === 0) continue;
    const { party } = reading.statement;
    faults.push({ code: "not-blind", party, message: "has shown readings that pair with none of the other board's" });
  }
  const said = new Map<string, Set<string>>();
  for (const [a, b] of pairs) {
    for (const [key, marks] of a.marks) {
      const others = b.marks.get(key);
      if (others !== undefined) said.set(key, (said.get(key) ?? new Set()).add(marks).add(others));
    }
  }
  const agreed = agreements(record, contest, sealed, isMeant);
  const found = new Map<string, Marks | "missing" | undefined>();
  for (const [key, values] of said) {
    const value = values.size === 1 ? [...values][0] : agreed.get(key);
    found.set(key, value === undefined ? undefined : (JSON.parse(value) as Marks | "missing"));
    if (value !== undefined) continue;
    faults.push({ code: "disagreement", party: boards.join(" and "), message: `do not agree on the card ${key}` });
  }
  const readBy = new Map<string, Set<string>>();
  for (const { statement, marks } of sealed) {
    for (const key of marks.keys()) readBy.set(key, (readBy.get(key) ?? new Set()).add(statement.party));
  }
  return { pairs, found, readBy };
}

function sealedReadings(record: ContestRecord, contest: string, isMeant: IsMeant, faults: ContestFault[]): Reading[] {
  return sayings(record, "observe/readings", record.charter.boards).flatMap((statement): Reading[] => {
    const { party, unseals: seal, content } = statement;
    if (content.contest !== contest || !isMeant(statement)) return [];
    if (seal === undefined || content.by !== party) {
      faults.push({ code: "not-blind", party, message: "has shown readings that it had not sealed as its own" });
      return [];
    }
    return [
      { statement, seal, marks: new Map(content.readings.map(({ card, marks }) => [cardKey(card), textOf(marks)])) },
    ];
  });
}

/** What both boards have signed of cards, knowing a reading of each, by card; nothing where they sign several. */
function agreements(
  record: ContestRecord,
  contest: string,
  readings: readonly Reading[],
  isMeant: IsMeant,
): ReadonlyMap<string, string> {
  const { boards } = record.charter;
  const byHash = new Map(readings.map((reading) => [reading.statement.hash, reading]));
  const signed = new Map<string, { readonly by: Set<string>; readonly values: Set<string> }>();
  for (const statement of sayings(record, "observe/agreed-readings", boards)) {
    const { party, of, content } = statement;
    if (content.contest !== contest || content.by !== party || !isMeant(statement)) continue;
    const named = [...of].flatMap((hash) => byHash.get(hash) ?? []);
    for (const { card, marks } of content.readings) {
      const key = cardKey(card);
      if (!boards.every((board) => named.some((each) => each.statement.party === board && each.marks.has(key))))
        continue;
      const ofCard = signed.get(key) ?? { by: new Set(), values: new Set() };
      ofCard.by.add(party);
      ofCard.values.add(textOf(marks));
      signed.set(key, ofCard);
    }
  }
  return new Map(
    [...signed].flatMap(([key, { by, values }]): [string, string][] => {
      const [value] = values;
      return by.size === boards.length && values.size === 1 && value !== undefined ? [[key, value]] : [];
    }),
  );
}

function textOf(marks: Marks | "missing"): string {
  return canonicalJson(marks);
}
