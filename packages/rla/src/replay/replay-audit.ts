import { ok, type Result } from "@detente/basics";
import { headOf } from "../read/csv/read-csv.ts";
import { columnOf } from "../read/csv/headed-rows.ts";
import { type ReadFault, refuse } from "../read/fault.ts";
import type { InputFile } from "../read/input.ts";
import { isManifest } from "../read/manifest.ts";
import { type ReplayedAudit, replayArlo } from "./arlo/replay.ts";
import type { PlacedFile } from "./arlo/sources.ts";
import { replayColorado } from "./colorado/replay.ts";

/** What a published file is, told by its first row. */
export type PublishedKind =
  | "arlo-report"
  | "ballot-list"
  | "comparisons"
  | "contests"
  | "counties"
  | "manifest"
  | "seed"
  | "selections"
  | "tallies";

/** By columns that a file of the kind has; the first that fits. */
const KINDS: readonly (readonly [PublishedKind, readonly (readonly string[])[]])[] = [
  ["selections", [["contest_name"], ["contest_cvr_ids"]]],
  ["contests", [["contest_name"], ["min_margin"], ["ballot_card_count"]]],
  ["comparisons", [["contest_name"], ["imprinted_id"], ["audit_board_selection", "choice_per_audit_board"]]],
  ["counties", [["county_name"], ["contest_name"]]],
  ["ballot-list", [["imprinted_id"]]],
  ["seed", [["seed"]]],
  ["tallies", [["Batch Name", "BatchID"]]],
];

/** Tells what a published file is; undefined for one that no replay reads. */
export async function publishedKind(file: InputFile): Promise<Result<PublishedKind | undefined, ReadFault>> {
  const head = await headOf(file, 1);
  if (!head.ok) return head;
  const [headings = []] = head.value;
  if (/^#{3,} .* #{3,}$/.test(headings[0] ?? "")) return ok("arlo-report");
  const fits = (columns: readonly (readonly string[])[]): boolean =>
    columns.every((names) => columnOf(headings, ...names) >= 0);
  const kind = KINDS.find(([, columns]) => fits(columns))?.[0];
  return ok((kind === undefined || kind === "tallies") && isManifest(headings) ? "manifest" : kind);
}

export interface PublishedFile extends PlacedFile {
  readonly kind: PublishedKind;
}

/**
 * Computes a published audit again from whatever of its files is there: an Arlo report with manifests and tallies, or
 * ColoradoRLA's exports with manifests.
 *
 * @param seed the digits of Colorado's dice, where no `seed.csv` is among the files
 */
export async function replayAudit(
  files: readonly PublishedFile[],
  seed: string | undefined,
): Promise<Result<ReplayedAudit, ReadFault>> {
  const placed = (kind: PublishedKind): PublishedFile[] => files.filter((file) => file.kind === kind);
  const of = (kind: PublishedKind): InputFile[] => placed(kind).map(({ file }) => file);
  const [manifests, tallies] = [placed("manifest"), placed("tallies")];
  const [report, another] = of("arlo-report");
  const contests = of("contests");
  const lists = placed("ballot-list");
  if (report === undefined && contests.length === 0 && lists.length === 0) {
    const name = files[0]?.file.name ?? "";
    return refuse(
      name,
      1,
      "missing-file",
      "no Arlo report is there, and no contest.csv or list of ballot cards of Colorado's; give one along",
    );
  }
  if (report !== undefined && (another !== undefined || contests.length > 0)) {
    return refuse(another?.name ?? report.name, 1, "too-many", "is a second audit; replay one at a time");
  }
  if (report !== undefined) return replayArlo({ report, manifests, tallies });
  return replayColorado({
    contests,
    selections: of("selections"),
    comparisons: of("comparisons"),
    counties: of("counties"),
    lists,
    manifests,
    seed: seed ?? of("seed")[0],
  });
}
