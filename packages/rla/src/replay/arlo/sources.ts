import { ok, type Result } from "@detente/basics";
import type { ReadFault } from "../../read/fault.ts";
import type { InputFile } from "../../read/input.ts";
import { readManifest } from "../../read/manifest.ts";
import { readTallies } from "../../read/tallies.ts";

/** A batch of a manifest. */
export interface ArloBatch {
  readonly name: string;
  readonly container: string | undefined;
  readonly tabulator: string | undefined;
  readonly cards: number;
}

/** The reported votes of a batch, in the order of the file's choices. */
export interface ArloTally {
  readonly name: string;
  readonly votes: ReadonlyMap<string, number>;
}

/** What a jurisdiction uploaded, in the order of its files. */
export interface Jurisdiction {
  readonly name: string;
  readonly batches: ArloBatch[];
  readonly tallies: ArloTally[];
}

/** A file and, if somebody says so, the jurisdiction that it is of. */
export interface PlacedFile {
  readonly file: InputFile;
  readonly jurisdiction: string | undefined;
}

/** Words that file names have besides the name of a jurisdiction. */
const WORDS =
  /\b(?:ballots?|manifests?|batch(?:es)?|tall(?:y|ies)|candidates?|totals?|county|list|by|csv|copy|final|of|the|and)\b/gi;

/**
 * The jurisdiction of a file by its path: one of `known` whose name stands in the file's name, else in a directory's, the
 * longest first; else what is left of the file's name without the words that all such files have.
 */
export function jurisdictionOf(path: string, known: Iterable<string>): string {
  const parts = path.split(/[/\\]/).reverse();
  const names = Array.from(known).sort((a, b) => b.length - a.length);
  for (const part of parts) {
    const words = ` ${plain(part.replace(/\.[a-z]+$/i, ""))} `;
    const name = names.find((each) => words.includes(` ${plain(each)} `));
    if (name !== undefined) return name;
  }
  const left = parts
    .map((part) =>
      spaced(part.replace(/\.[a-z]+$/i, ""))
        .replace(WORDS, " ")
        .replace(/\s+/g, " ")
        .trim(),
    )
    .find((part) => part !== "");
  // Nothing but the order of names depends on this one, and there case may count.
  const isUpper = names.length > 0 && names.every((name) => name === name.toUpperCase());
  return (isUpper ? left?.toUpperCase() : left) ?? path;
}

/** Words apart, also in `BentBallotManifest`, but not in `DeKalb`. */
function spaced(text: string): string {
  return text
    .replace(/(?<=\p{Ll})(?=Ballot|Manifest|Batch|Candidate|County)/gu, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function plain(text: string): string {
  return spaced(text).toUpperCase();
}

/** Puts manifests and tallies together by jurisdiction, in the order of the files. */
export async function readJurisdictions(
  manifests: readonly PlacedFile[],
  tallies: readonly PlacedFile[],
  known: ReadonlySet<string>,
): Promise<Result<Jurisdiction[], ReadFault>> {
  const jurisdictions = new Map<string, Jurisdiction>();
  const of = (name: string): Jurisdiction => {
    const made = jurisdictions.get(name) ?? { name, batches: [], tallies: [] };
    jurisdictions.set(name, made);
    return made;
  };
  const nameOf = ({ file, jurisdiction }: PlacedFile, county: string | undefined): string => {
    if (county !== undefined) return jurisdictionOf(county, known);
    return jurisdiction ?? (known.size === 1 ? [...known].join() : jurisdictionOf(file.name, known));
  };
  for (const placed of manifests) {
    const read = await readManifest(placed.file);
    if (!read.ok) return read;
    for (const { name, container, tabulator, cards, county } of read.value.batches) {
      of(nameOf(placed, county)).batches.push({ name, container, tabulator, cards });
    }
  }
  for (const placed of tallies) {
    const read = await readTallies(placed.file);
    if (!read.ok) return read;
    const { choices, batches } = read.value;
    for (const { name, county, votes } of batches) {
      of(nameOf(placed, county)).tallies.push({
        name,
        votes: new Map(choices.map((choice, i) => [choice, votes[i] ?? 0])),
      });
    }
  }
  return ok([...jurisdictions.values()]);
}
