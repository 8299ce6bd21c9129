import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel";
import type { CastVoteRecord } from "../../cvr.ts";
import type { CardBlock, CvrOptions } from "../cards.ts";
import { type ReadFault, readFault, type RowFault } from "../fault.ts";
import { IdSet } from "../id-set.ts";
import type { InputFile } from "../input.ts";
import type { CsvRecords } from "./csv-records.ts";
import { readCsv } from "./read-csv.ts";

/** A card, nothing where a row is none (blank, a total), or what is wrong with it. */
export type RowResult = Result<CastVoteRecord | undefined, RowFault>;

/** The cards of a CSV file, a row each, behind `heading` records that are none. */
export async function* cardBlocks(
  file: InputFile,
  heading: number,
  { malformed }: CvrOptions,
  cardOf: (row: CsvRecords) => RowResult,
): AsyncGenerator<Result<CardBlock, ReadFault>> {
  const ids = new IdSet();
  let skipped = 0;
  for await (const read of readCsv(file)) {
    if (!read.ok) return yield read;
    const rows = read.value;
    const cards: CastVoteRecord[] = [];
    const phantoms: ReadFault[] = [];
    let refused: ReadFault | undefined;
    while (refused === undefined && rows.next()) {
      if (skipped < heading) {
        skipped++;
        continue;
      }
      const row = rows.fault === undefined ? unused(cardOf(rows), ids) : ({ ok: false, fault: rows.fault } as const);
      if (row.ok) {
        if (row.value !== undefined) cards.push(row.value);
      } else {
        const fault = readFault(file.name, rows.line, row.fault);
        if (malformed === "refuse") refused = fault;
        else phantoms.push(fault);
      }
    }
    if (cards.length > 0 || phantoms.length > 0) yield ok({ cards, phantoms });
    if (refused !== undefined) return yield { ok: false, fault: refused };
  }
}

/** Refuses a card whose id another one has: which of the two papers would be drawn? */
export function unused(row: RowResult, ids: IdSet): RowResult {
  if (!row.ok || row.value === undefined || ids.add(row.value.id)) return row;
  return {
    ok: false,
    fault: { code: "duplicate-id", message: `the card ${quote(row.value.id)} stands in the file before` },
  };
}
