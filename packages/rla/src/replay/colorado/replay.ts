import { ok, type Result } from "@detente/basics";
import type { ReadFault } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";
import { readManifest } from "../../read/manifest.ts";
import type { ReplayedAudit } from "../arlo/replay.ts";
import { jurisdictionOf, type PlacedFile } from "../arlo/sources.ts";
import type { ColoradoAudit } from "./audit.ts";
import { countyListLines } from "./county-lists.ts";
import { discrepancyLines } from "./counts.ts";
import { countiesOf, type NamedManifest } from "./counties.ts";
import { drawLines, listLines } from "./draws.ts";
import { standingLines } from "./standing.ts";
import {
  type CardComparison,
  type ContestSelection,
  type ListedCard,
  readComparisons,
  readCountyChoices,
  readListed,
  readSeed,
  readSelections,
  readStandings,
} from "./tables.ts";

export interface ColoradoFiles {
  /** `contest.csv` of each round. */
  readonly contests: readonly InputFile[];
  readonly selections: readonly InputFile[];
  readonly comparisons: readonly InputFile[];
  /** `tabulate.csv`, `contestsByCounty.csv`. */
  readonly counties: readonly InputFile[];
  /** Ballot cards to audit. */
  readonly lists: readonly PlacedFile[];
  readonly manifests: readonly PlacedFile[];
  readonly seed: InputFile | string | undefined;
}

/**
 * Computes a published comparison audit of Colorado's again (ColoradoRLA's exports): the draw of each contest from
 * manifests and seed, the discrepancies of cards and their counts, the sizes of samples and whether the limit was met.
 */
export async function replayColorado(files: ColoradoFiles): Promise<Result<ReplayedAudit, ReadFault>> {
  const standings = await all(files.contests, readStandings);
  const selections = await all(files.selections, readSelections);
  const comparisons = await all(files.comparisons, readComparisons);
  const choices = await all(files.counties, readCountyChoices);
  if (!standings.ok) return standings;
  if (!selections.ok) return selections;
  if (!comparisons.ok) return comparisons;
  if (!choices.ok) return choices;
  const named = new Set([...comparisons.value, ...choices.value].map(({ county }) => county));
  const manifests: NamedManifest[] = [];
  for (const { file, jurisdiction } of files.manifests) {
    const read = await readManifest(file);
    if (!read.ok) return read;
    manifests.push({ manifest: read.value, name: jurisdiction ?? jurisdictionOf(file.name, named), file: file.name });
  }
  const counties = countiesOf(manifests);
  if (!counties.ok) return counties;
  const listed: ListedCard[] = [];
  for (const { file, jurisdiction } of files.lists) {
    const read = await readListed(file, jurisdiction ?? jurisdictionOf(file.name, named));
    if (!read.ok) return read;
    listed.push(...read.value);
  }
  const seed = typeof files.seed === "object" ? await readSeed(files.seed) : ok(files.seed);
  if (!seed.ok) return seed;
  const longest = new Map<string, ContestSelection>();
  for (const selection of selections.value) {
    // The list grows from round to round.
    if ((longest.get(selection.contest)?.records.length ?? -1) < selection.records.length)
      longest.set(selection.contest, selection);
  }
  const audit: ColoradoAudit = {
    seed: seed.value,
    counties: counties.value,
    selections: longest,
    comparisons: byContest(lastOf(comparisons.value)),
    choices: byContest(choices.value),
    imprints: new Map(comparisons.value.map(({ record, county, imprint }) => [record, `${county}, ${imprint}`])),
    listed,
  };
  const last = new Map(standings.value.map((standing) => [standing.name, standing]));
  const lines = [
    ...standings.value.flatMap((standing) => standingLines(standing)),
    ...[...last.values()].flatMap((standing) => [...drawLines(standing, audit), ...discrepancyLines(standing, audit)]),
    ...(last.size === 0 ? countyListLines(audit) : listLines([...last.values()], audit)),
  ];
  return ok({ election: "", type: "Colorado comparison", lines });
}

async function all<T>(
  files: readonly InputFile[],
  read: (file: InputFile) => Promise<Result<T[], ReadFault>>,
): Promise<Result<T[], ReadFault>> {
  const values: T[] = [];
  for (const file of files) {
    const rows = await read(file);
    if (!rows.ok) return rows;
    for (const row of rows.value) values.push(row);
  }
  return ok(values);
}

/** Each file has all comparisons so far: the last word on a card and contest counts. */
function lastOf(comparisons: readonly CardComparison[]): CardComparison[] {
  return [...new Map(comparisons.map((each) => [[each.county, each.contest, each.imprint].join("\n"), each])).values()];
}

function byContest<T extends { readonly contest: string }>(rows: readonly T[]): Map<string, T[]> {
  const contests = new Map<string, T[]>();
  for (const row of rows) {
    const of = contests.get(row.contest) ?? [];
    of.push(row);
    contests.set(row.contest, of);
  }
  return contests;
}
