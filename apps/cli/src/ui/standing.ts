import type { IntelRow } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Cell } from "./table.ts";
import { plain, short } from "./text.ts";

/** Where an item stands, and what its author has replaced it by, or said when taking it back. */
export function standingCell(
  { palette: { good, doubtful, faint } }: Cli,
  { status, newer }: Pick<IntelRow, "status" | "newer">,
  reason: string | null = null,
): Cell {
  const paint = status === "effective" ? good : status === "pending" ? doubtful : faint;
  if (newer !== null) {
    const place = `${short(newer.share)}:${newer.index}`;
    return { text: newer.revoked ? `revoked by ${place}` : `replaced by ${place}`, paint };
  }
  return { text: reason === null ? status : `${status}: ${plain(reason, 60)}`, paint };
}
