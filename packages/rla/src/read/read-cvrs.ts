import type { Result } from "@detente/basics";
import type { CvrOptions, CvrReading } from "./cards.ts";
import { readClearBallot } from "./clearballot.ts";
import { readDominionCsv } from "./dominion/csv.ts";
import { readDominionJson } from "./dominion/json.ts";
import { isEssBallots } from "./ess-ballots.ts";
import { readEss } from "./ess.ts";
import { type ReadFault, refuse } from "./fault.ts";
import { baseName, type FileSet, looseFiles } from "./file-set.ts";
import { firstBytes } from "./first-bytes.ts";
import { readHart } from "./hart.ts";
import type { InputFile } from "./input.ts";
import { readNistCvrs } from "./nist/read-nist.ts";
import { readRaire } from "./raire.ts";
import { zipFiles } from "./zip/zip-files.ts";

/**
 * Reads the files of one export in whatever of the known formats it is, told by how the files begin. Several files, or
 * an archive, are one export: Dominion's as JSON, or Hart's records.
 */
export async function readCvrs(
  files: readonly InputFile[],
  options: CvrOptions,
): Promise<Result<CvrReading, ReadFault>> {
  const [file] = files;
  if (file === undefined) return refuse("export", 1, "missing-file", "names no file");
  const begin = await firstBytes(file);
  if (begin === "") return refuse(file.name, 1, "unknown-format", "is empty; export it again");
  if (/^(?:\u00ff\u00fe|\u00fe\u00ff)/.test(begin)) {
    return refuse(file.name, 1, "not-utf8", "is UTF-16; save the file as UTF-8");
  }
  if (files.length > 1) return readSeveral(files, file, options);
  if (begin.startsWith("PK\u0003\u0004")) return readSet(zipFiles(file), file.name, options);
  const [firstLine = ""] = begin.split(/\r?\n/, 1);
  if (/^\s*<[^]*<(?:\w+:)?CastVoteRecordReport/.test(begin)) return readNistCvrs(file, "nist-xml", options);
  if (/^\s*<[^]*<Cvr[\s>]/.test(begin)) return readHart(looseFiles(files), file.name, options);
  if (/^\s*\{[^]*"Sessions"/.test(begin)) return readDominionJson(looseFiles(files), file.name, options);
  if (/^\s*\{[^]*"CVR/.test(begin)) return readNistCvrs(file, "nist-json", options);
  if (/\bCast Vote Record\b/.test(firstLine)) return readEss(file, [], options);
  if (/\bChoice_\d+_\d+:/.test(firstLine)) return readClearBallot(file, options);
  if (/^\s*\d{1,6}\s*\r?\n\s*Contest,/.test(begin)) return readRaire(file, options);
  if (/\bCvrNumber\b/.test(begin) || /^"?,+"?[^,]/m.test(begin)) return readDominionCsv(file, options);
  const known = "Dominion, ES&S, Hart, ClearBallot, RAIRE or NIST SP 1500-103";
  return refuse(file.name, 1, "unknown-format", `is no export of cast-vote records of ${known} that is known here`);
}

/** The records of ES&S with their lists of ballots, told by how each begins; or the loose files of another export. */
async function readSeveral(
  files: readonly InputFile[],
  { name }: InputFile,
  options: CvrOptions,
): Promise<Result<CvrReading, ReadFault>> {
  const begins = await Promise.all(files.map(firstBytes));
  if (!begins.every((begin) => /\bCast Vote Record\b/.test(begin))) return readSet(looseFiles(files), name, options);
  const lists = files.filter((_, i) => isEssBallots(begins[i] as string));
  const [records, another] = files.filter((file) => !lists.includes(file));
  if (records === undefined || another !== undefined) {
    const what =
      another === undefined
        ? "is a list of ballots, as all others are; name the file of their cast-vote records too"
        : `and ${another.name} are both files of cast-vote records; name one, with its lists of ballots`;
    return refuse(records?.name ?? name, 1, "missing-file", what);
  }
  return readEss(records, lists, options);
}

async function readSet(files: FileSet, name: string, options: CvrOptions): Promise<Result<CvrReading, ReadFault>> {
  for await (const entry of files()) {
    if (!entry.ok) return entry;
    if (/^(?:cvrexport|contestmanifest|candidatemanifest).*\.json$/i.test(baseName(entry.value.name))) {
      return readDominionJson(files, name, options);
    }
    if (/\.xml$/i.test(entry.value.name)) return readHart(files, name, options);
    if (/\.csv$/i.test(entry.value.name)) {
      return refuse(
        name,
        1,
        "unknown-format",
        "holds CSV files; unpack it, and name one of Dominion's or all of ES&S's",
      );
    }
  }
  return refuse(name, 1, "unknown-format", "holds neither Dominion's CvrExport.json nor Hart's XML files");
}
