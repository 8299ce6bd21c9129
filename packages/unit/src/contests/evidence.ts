import { type Bytes, canonicalJsonBytes, fromHex, present } from "@detente/basics";
import { type CollectionRoot, type Marks, verifyOpening } from "@detente/record";
import { type ContestRecord, sayings } from "./contest-record.ts";
import type { ContestFault } from "./fault.ts";
import { cardKey, type IsMeant, readingsOf, type Readings } from "./readings.ts";
import type { SeedState } from "./seed.ts";

/** An item of the holder's collection that was proven. */
interface Opened {
  readonly index: number;
  readonly marks: Marks;
}

/** What is known of the cards of one contest, and who did what it should not. */
export interface Evidence extends Pick<Readings, "found" | "readBy"> {
  /** By `cardKey`: what was committed of a card, as far as it was opened. */
  readonly opened: ReadonlyMap<string, Opened>;
  readonly faults: readonly ContestFault[];
}

/**
 * What statements show of the cards of one contest.
 * @param among leaf hashes of the statements that are looked at; all where undefined
 */
export function evidenceOf(
  record: ContestRecord,
  { records }: SeedState,
  contest: string,
  among?: ReadonlySet<string>,
): Evidence {
  const faults: ContestFault[] = [];
  const isMeant: IsMeant = ({ hash }) => among?.has(hash) ?? true;
  const { shown, pairs, found, readBy } = readingsOf(record, contest, isMeant, faults);
  const committed = records?.content.contests.find(({ id }) => id === contest);
  const opened =
    committed === undefined
      ? new Map<string, Opened>()
      : openedOf(record, { contest, shown, pairs, isMeant, collection: committed.collection }, faults);
  return { found, readBy, opened, faults };
}

/** Openings that name a pair of readings of the card, so that the boards cannot have known them, and that are proven. */
function openedOf(
  record: ContestRecord,
  among: {
    readonly contest: string;
    readonly shown: Readings["shown"];
    readonly pairs: Readings["pairs"];
    readonly isMeant: IsMeant;
    readonly collection: CollectionRoot;
  },
  faults: ContestFault[],
): Map<string, Opened> {
  const { holder: party } = record.charter;
  const opened = new Map<string, Opened>();
  const twice = new Set<string>();
  for (const statement of sayings(record, "exhibit/openings", [party])) {
    const { of, content } = statement;
    if (content.contest !== among.contest || !among.isMeant(statement)) continue;
    for (const { index, salt, card, marks, proof } of content.openings) {
      const key = cardKey(card);
      const pairs = among.pairs.get(key) ?? [];
      if (!pairs.some((pair) => pair.every((reading) => among.shown.isBehind(reading.statement.hash, of)))) {
        faults.push({ code: "opened-early", party, message: `has opened ${key} before both boards had read it` });
        continue;
      }
      const opening = { index, salt: bytesOf(salt), item: itemOf(card, marks), proof: proof.map(bytesOf) };
      if (!verifyOpening(among.collection, opening).ok) {
        faults.push({ code: "false-opening", party, message: `has opened ${key} as what it had not committed to` });
        continue;
      }
      const before = opened.get(key);
      if (before !== undefined && before.index !== index) twice.add(key);
      opened.set(key, { index, marks });
    }
  }
  for (const key of twice) {
    opened.delete(key);
    faults.push({ code: "opened-twice", party, message: `has opened ${key} as two items: it counts as not opened` });
  }
  return opened;
}

/** An item of a contest's collection: the canonical JSON of the card and its marks. */
export function itemOf(card: readonly [string, number | string], marks: Marks): Bytes {
  return canonicalJsonBytes({ card, marks });
}

function bytesOf(hex: string): Bytes {
  return present(fromHex(hex), "hexadecimal that its schema has checked");
}
