import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel";
import type { ContestVotes } from "../../cvr.ts";
import { batchName } from "../batch-name.ts";
import type { CvrOptions, CvrReading } from "../cards.ts";
import { cardBlocks, type RowResult } from "../csv/card-blocks.ts";
import type { CsvRecords } from "../csv/csv-records.ts";
import { headOf } from "../csv/read-csv.ts";
import { TextPool } from "../csv/text-pool.ts";
import { type ReadFault, refuse, type RowFault } from "../fault.ts";
import { type InputFile, LIMITS } from "../input.ts";
import { VotesPool } from "../votes-pool.ts";
import { type DominionHeader, dominionHeader } from "./csv-header.ts";

const ZERO = 0x30;
const ONE = 0x31;
const HEADING = 4;

/**
 * Reads the cast-vote records that Dominion Democracy Suite exports as CSV (documented by Colorado's Department of
 * State for its audits, and by VotingWorks' Arlo): a row a card, a column a choice with 0, 1, or nothing where the
 * contest is not on the card. A card is called by its imprinted id, else by tabulator, batch and record.
 */
export async function readDominionCsv(file: InputFile, options: CvrOptions): Promise<Result<CvrReading, ReadFault>> {
  const head = await headOf(file, HEADING);
  if (!head.ok) return head;
  const read = dominionHeader(file.name, head.value);
  if (!read.ok) return read;
  const header = read.value;
  const missing = ["TabulatorNum", "BatchId", "RecordId"].find((heading) => header.column(heading) < 0);
  if (missing !== undefined) {
    return refuse(file.name, HEADING, "bad-header", `has no column ${missing}; export the file with it`);
  }
  const { election, contests } = header;
  const blocks: CvrReading["blocks"] = () => cardBlocks(file, HEADING, options, cardReader(header));
  return ok({ format: "dominion-csv", election, contests, blocks });
}

function cardReader({ column, columns }: DominionHeader): (row: CsvRecords) => RowResult {
  const tabulatorAt = column("TabulatorNum");
  const batchAt = column("BatchId");
  const recordAt = column("RecordId");
  const imprintAt = column("ImprintedId");
  const styleAt = column("BallotType");
  const width = columns.at(-1)?.end ?? 0;
  const pools = columns.map(({ marks }, contest) => new VotesPool(contest, marks));
  const marked = new Int32Array(Math.max(0, ...columns.map(({ begin, end }) => end - begin)));
  const texts = new TextPool();
  let [lastTabulator, lastBatch, batch] = ["", "", batchName("", "")];

  return (row) => {
    if (row.count < width) return refused(`has ${row.count} cells where the header has ${width}`);
    const tabulator = texts.of(row, tabulatorAt);
    const batchId = texts.of(row, batchAt);
    if (tabulator === "" || batchId === "") return refused("names no tabulator or no batch");
    if (tabulator !== lastTabulator || batchId !== lastBatch) {
      [lastTabulator, lastBatch, batch] = [tabulator, batchId, batchName(tabulator, batchId)];
    }
    const record = row.text(recordAt);
    const imprint = imprintAt < 0 ? "" : row.text(imprintAt);
    if (imprint === "" && record === "") return refused("has neither an imprinted id nor a record number");
    const id = imprint === "" ? `${tabulator}-${batchId}-${record}` : imprint;
    if (id.length > LIMITS.text) return refused("has an id too long to be one");
    const votes: ContestVotes[] = [];
    for (let contest = 0; contest < columns.length; contest++) {
      const { begin, end } = columns[contest] as { begin: number; end: number };
      const count = marksOf(row, begin, end, marked);
      if (count === NOT_ON_CARD) continue;
      if (count < 0) return refused(strange(row, begin, end));
      votes.push((pools[contest] as VotesPool).of(marked, count));
    }
    const position = /^[1-9]\d{0,8}$/.test(record) ? Number(record) : undefined;
    const style = styleAt < 0 ? undefined : texts.of(row, styleAt);
    return ok({ id, batch, position, style: style === "" ? undefined : style, votes });
  };
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
