import type { Result } from "@detente/basics";
import { BlockBuilder } from "../block-builder.ts";
import type { CastVoteRecord } from "../../cvr.ts";
import type { CardBlock, CvrOptions } from "../cards.ts";
import type { ReadFault, RowFault } from "../fault.ts";
import type { InputFile } from "../input.ts";
import type { CsvRecords } from "./csv-records.ts";
import { readCsv } from "./read-csv.ts";

/** A card, nothing where a row is none (blank, a total), or what is wrong with it. */
export type RowResult = Result<CastVoteRecord | undefined, RowFault>;

/** The cards of a CSV file, a row each, behind `heading` records that are none. */
export async function* cardBlocks(
  file: InputFile,
  heading: number,
  options: CvrOptions,
  cardOf: (row: CsvRecords) => RowResult,
): AsyncGenerator<Result<CardBlock, ReadFault>> {
  const builder = new BlockBuilder(options);
  let skipped = 0;
  for await (const read of readCsv(file)) {
    if (!read.ok) return yield read;
    const rows = read.value;
    while (builder.refused === undefined && rows.next()) {
      if (skipped < heading) {
        skipped++;
        continue;
      }
      if (rows.fault !== undefined) {
        builder.fail(file.name, rows.line, rows.fault);
        continue;
      }
      const row = cardOf(rows);
      if (!row.ok) builder.fail(file.name, rows.line, row.fault);
      else if (row.value !== undefined) builder.add(file.name, rows.line, row.value);
    }
    yield* builder.take();
    if (builder.refused !== undefined) return yield { ok: false, fault: builder.refused };
  }
}
