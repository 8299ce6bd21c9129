import { ok, type Result } from "@detente/basics";
import type { CvrOptions, CvrReading } from "../cards.ts";
import { cardBlocks } from "../csv/card-blocks.ts";
import { markReader } from "../csv/mark-columns.ts";
import { headOf } from "../csv/read-csv.ts";
import { type ReadFault, refuse } from "../fault.ts";
import type { InputFile } from "../input.ts";
import { dominionHeader } from "./csv-header.ts";

const HEADING = 4;

/**
 * Reads the cast-vote records that Dominion Democracy Suite exports as CSV (documented by Colorado's Department of
 * State for its audits, and by VotingWorks' Arlo): a row a card, a column a choice with 0, 1, or nothing where the
 * contest is not on the card. A card is called by its imprinted id, else by tabulator, batch and record.
 */
export async function readDominionCsv(file: InputFile, options: CvrOptions): Promise<Result<CvrReading, ReadFault>> {
  const head = await headOf(file, HEADING);
  if (!head.ok) return head;
  const header = dominionHeader(file.name, head.value);
  if (!header.ok) return header;
  const { election, contests, columns, column } = header.value;
  const missing = ["TabulatorNum", "BatchId", "RecordId"].find((heading) => column(heading) < 0);
  if (missing !== undefined) {
    return refuse(file.name, HEADING, "bad-header", `has no column ${missing}; export the file with it`);
  }
  const at = {
    tabulator: column("TabulatorNum"),
    batch: column("BatchId"),
    record: column("RecordId"),
    imprint: column("ImprintedId"),
    style: column("BallotType"),
  };
  const blocks: CvrReading["blocks"] = () => cardBlocks(file, HEADING, options, markReader(at, columns));
  return ok({ format: "dominion-csv", election, contests, blocks });
}
