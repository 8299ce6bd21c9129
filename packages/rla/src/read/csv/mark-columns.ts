import { ok } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { ContestVotes } from "../../cvr.ts";
import { batchName } from "../batch-name.ts";
import type { RowFault } from "../fault.ts";
import { LIMITS } from "../input.ts";
import { type Mark, VotesPool } from "../votes-pool.ts";
import type { RowResult } from "./card-blocks.ts";
import type { CsvRecords } from "./csv-records.ts";
import { TextPool } from "./text-pool.ts";

const ZERO = 0x30;
const ONE = 0x31;

/** The contest whose columns are `begin` up to `end`, each a choice: 0, 1, or nothing where it is not on the card. */
export interface ContestColumns {
  readonly begin: number;
  readonly end: number;
  /** What a 1 in each of the columns says. */
  readonly marks: readonly Mark[];
}

/** The numbers of the columns that say which card it is; -1 where a file has none. */
interface CardColumns {
  readonly tabulator: number;
  readonly batch: number;
  /** The card's number within its batch. */
  readonly record: number;
  /** The id that is printed on the card; a card without it is called by the three others. */
  readonly imprint: number;
  readonly style: number;
}

/** Makes cards of the rows of a file that has a column for each choice. */
export function markReader(at: CardColumns, columns: readonly ContestColumns[]): (row: CsvRecords) => RowResult {
  const width = columns.at(-1)?.end ?? 0;
  const pools = columns.map(({ marks }, contest) => new VotesPool(contest, marks));
  const marked = new Int32Array(Math.max(0, ...columns.map(({ begin, end }) => end - begin)));
  const texts = new TextPool();
  let [lastTabulator, lastBatch, batch] = ["", "", batchName("", "")];

  return (row) => {
    if (row.count < width) return refused(`has ${row.count} cells where the header has ${width}`);
    const tabulator = texts.of(row, at.tabulator);
    const batchId = texts.of(row, at.batch);
    if (tabulator === "" || batchId === "") return refused("names no tabulator or no batch");
    if (tabulator !== lastTabulator || batchId !== lastBatch) {
      [lastTabulator, lastBatch, batch] = [tabulator, batchId, batchName(tabulator, batchId)];
    }
    const record = row.text(at.record);
    const imprint = at.imprint < 0 ? "" : row.text(at.imprint);
    if (imprint === "" && record === "") return refused("has neither an imprinted id nor a number in its batch");
    const id = imprint === "" ? `${tabulator}-${batchId}-${record}` : imprint;
    if (id.length > LIMITS.text) return refused("has an id too long to be one");
    const votes: ContestVotes[] = [];
    for (let contest = 0; contest < columns.length; contest++) {
      const { begin, end } = columns[contest] as ContestColumns;
      const count = marksOf(row, begin, end, marked);
      if (count === NOT_ON_CARD) continue;
      if (count < 0) return refused(strange(row, begin, end));
      votes.push((pools[contest] as VotesPool).of(marked, count));
    }
    const style = at.style < 0 ? "" : texts.of(row, at.style);
    return ok({ id, batch, position: positionOf(record), style: style === "" ? undefined : style, votes });
  };
}

/** A place in a batch, from 1. */
export function positionOf(text: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

const NOT_ON_CARD = -1;
const STRANGE = -2;

/** Writes the numbers of a contest's columns that are marked and says how many they are. */
function marksOf({ bytes, starts, ends }: CsvRecords, begin: number, end: number, marked: Int32Array): number {
  let count = 0;
  let isOnCard = false;
  for (let cell = begin; cell < end; cell++) {
    const start = starts[cell] as number;
    const length = (ends[cell] as number) - start;
    if (length === 0) continue;
    isOnCard = true;
    const digit = bytes[start];
    if (length !== 1 || (digit !== ZERO && digit !== ONE)) return STRANGE;
    if (digit === ONE) marked[count++] = cell - begin;
  }
  return isOnCard ? count : NOT_ON_CARD;
}

function strange(row: CsvRecords, begin: number, end: number): string {
  for (let cell = begin; cell < end; cell++) {
    const text = row.text(cell);
    if (text !== "" && text !== "0" && text !== "1") {
      return `column ${cell + 1} has ${quote(text)}, which is neither 0 nor 1; export the file with plain marks`;
    }
  }
  return `columns ${begin + 1} to ${end} have blanks around their marks; export the file without them`;
}

function refused(message: string): { readonly ok: false; readonly fault: RowFault } {
  return { ok: false, fault: { code: "bad-row", message } };
}
