import { canonicalJson } from "@detente/basics";
import type { CardName, Marks } from "@detente/record";
import { Chains } from "./chains.ts";
import { type ContestRecord, type Saying, sayings } from "./contest-record.ts";
import type { ContestFault } from "./fault.ts";

/** The canonical id of a card as text. */
export function cardKey(card: CardName): string {
  return canonicalJson(card);
}

/** What one board read and had sealed. */
interface Reading {
  readonly statement: Saying<"observe/readings">;
  /** Leaf hash of the seal. */
  readonly seal: string;
  /** Canonical JSON of the marks, by `cardKey`. */
  readonly marks: ReadonlyMap<string, string>;
}

/** One reading of each board, in the order of the charter. */
type Pair = readonly [Reading, Reading];

/** What the boards read in one contest. */
export interface Readings {
  /** All statements of readings in the contest, whether they count or not. */
  readonly shown: Chains;
  /** By `cardKey`: readings of the card of which each was shown after both were sealed. */
  readonly pairs: ReadonlyMap<string, readonly Pair[]>;
  /** By `cardKey`, what both say; undefined where they differ. */
  readonly found: ReadonlyMap<string, Marks | "missing" | undefined>;
  /** By `cardKey`, the boards that have read the card in a reading that was sealed. */
  readonly readBy: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whether a statement is among those that are looked at. */
export type IsMeant = (statement: { readonly hash: string }) => boolean;

/**
 * How often a board is heard on one card of a contest, in the order of its log: two boards together could otherwise
 * pair each of thousands of readings with each other.
 */
const MOST_READ = 8;

/**
 * What the boards found. Readings count in pairs, so neither board can have known the other's. Of a card that was read
 * differently, by whomever and whenever, nothing counts but one and the same reading that both sign knowing the
 * readings before; which statement came first cannot matter.
 */
export function readingsOf(record: ContestRecord, contest: string, isMeant: IsMeant, faults: ContestFault[]): Readings {
  const { boards } = record.charter;
  const sealed = sealedReadings(record, contest, isMeant, faults);
  const byCard = heardByCard(sealed, boards);
  const seals = new Chains(sayings(record, "seal/commitment", boards));
  const pairs = new Map([...byCard].map(([key, [ones, others]]) => [key, pairsOf(seals, ones, others)]));
  for (const { statement, marks } of sealed) {
    const keys = [...marks.keys()];
    const isReadByBoth = keys.some((key) => byCard.get(key)?.every((readings) => readings.length > 0) === true);
    if (!isReadByBoth || keys.some((key) => (pairs.get(key) ?? []).length > 0)) continue;
    const message = "has shown readings that pair with none of the other board's";
    faults.push({ code: "not-blind", party: statement.party, message });
  }
  const shown = new Chains(
    sayings(record, "observe/readings", boards).filter(({ content }) => content.contest === contest),
  );
  const agreed = agreements(record, contest, shown, byCard, isMeant);
  const found = new Map<string, Marks | "missing" | undefined>();
  for (const [key, ofCard] of pairs) {
    const values = new Set(ofCard.flatMap((pair) => pair.flatMap(({ marks }) => marks.get(key) ?? [])));
    if (values.size === 0) continue;
    const value = values.size === 1 ? [...values][0] : agreed.get(key);
    found.set(key, value === undefined ? undefined : (JSON.parse(value) as Marks | "missing"));
    if (value !== undefined) continue;
    faults.push({ code: "disagreement", party: boards.join(" and "), message: `do not agree on the card ${key}` });
  }
  const readBy = new Map(
    [...byCard].map(([key, both]) => [key, new Set(boards.filter((_, i) => (both[i] ?? []).length > 0))]),
  );
  return { shown, pairs, found, readBy };
}

function sealedReadings(record: ContestRecord, contest: string, isMeant: IsMeant, faults: ContestFault[]): Reading[] {
  return sayings(record, "observe/readings", record.charter.boards).flatMap((statement): Reading[] => {
    const { party, unseals: seal, content } = statement;
    if (content.contest !== contest || !isMeant(statement)) return [];
    if (seal === undefined || content.by !== party) {
      const message = "has shown readings that it had not sealed as its own";
      faults.push({ code: "not-blind", party, message });
      return [];
    }
    const marks = new Map(content.readings.map((each) => [cardKey(each.card), canonicalJson(each.marks)]));
    return [{ statement, seal, marks }];
  });
}

/** The readings of each card that are heard, board by board. */
function heardByCard(sealed: readonly Reading[], boards: readonly string[]): ReadonlyMap<string, readonly Reading[][]> {
  const byCard = new Map<string, Reading[][]>();
  for (const reading of sealed) {
    const board = boards.indexOf(reading.statement.party);
    for (const key of reading.marks.keys()) {
      const known = byCard.get(key) ?? boards.map((): Reading[] => []);
      byCard.set(key, known);
      const ofBoard = known[board];
      if (ofBoard !== undefined && ofBoard.length < MOST_READ) ofBoard.push(reading);
    }
  }
  return byCard;
}

function pairsOf(seals: Chains, ones: readonly Reading[] = [], others: readonly Reading[] = []): readonly Pair[] {
  const hasBefore = ({ statement }: Reading, { seal }: Reading): boolean => seals.isBehind(seal, statement.of);
  return ones.flatMap((a) => others.flatMap((b): Pair[] => (hasBefore(a, b) && hasBefore(b, a) ? [[a, b]] : [])));
}

/** What both boards have signed of cards, knowing a reading of each, by card; nothing where they sign several. */
function agreements(
  record: ContestRecord,
  contest: string,
  shown: Chains,
  byCard: ReadonlyMap<string, readonly (readonly Reading[])[]>,
  isMeant: IsMeant,
): ReadonlyMap<string, string> {
  const { boards } = record.charter;
  const signed = new Map<string, { readonly by: Set<string>; readonly values: Set<string> }>();
  for (const statement of sayings(record, "observe/agreed-readings", boards)) {
    const { party, of, content } = statement;
    if (content.contest !== contest || content.by !== party || !isMeant(statement)) continue;
    for (const { card, marks } of content.readings) {
      const key = cardKey(card);
      const known = byCard.get(key)?.map((each) => each.some(({ statement: { hash } }) => shown.isBehind(hash, of)));
      if (known?.every(Boolean) !== true) continue;
      const ofCard = signed.get(key) ?? { by: new Set(), values: new Set() };
      ofCard.by.add(party);
      ofCard.values.add(canonicalJson(marks));
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
