import { stat } from "node:fs/promises";
import { firstBytes, type InputFile, publishedKind, readCvrs, readManifest, readTallies } from "@detente/rla";
import { summarise } from "../../audit/cvr-summary.ts";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { amount, plain } from "../../ui/text.ts";
import type { Kind, Flags } from "./read.ts";

export async function run(cli: Cli, { kind, phantoms }: Flags, ...paths: string[]): Promise<Answer> {
  const size = (await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))).reduce(
    (sum, file) => sum + (file?.size ?? 0),
    0,
  );
  const bar = cli.progress("reading", size === 0 ? undefined : size);
  const files = paths.map((path) => inputFile(path, bar.add));
  try {
    const [file] = files as [InputFile, ...InputFile[]];
    const what = kind ?? (await kindOf(file));
    if (what === "manifest") return await manifest(cli, file);
    if (what === "tallies") return await tallies(cli, file);
    return await cvrs(cli, files, phantoms);
  } finally {
    bar.clear();
  }
}

/** By the columns of its first row; an export of records may have none. */
async function kindOf(file: InputFile): Promise<Kind> {
  // To look for a sheet in an archive of a whole county's records takes as long as reading it.
  const isArchive = (await firstBytes(file)).startsWith("PK") && !/\.xlsx$/i.test(file.name);
  if (isArchive) return "cvrs";
  const told = await publishedKind(file);
  return told.ok && (told.value === "manifest" || told.value === "tallies") ? told.value : "cvrs";
}

async function cvrs(cli: Cli, files: readonly InputFile[], isLenient: boolean): Promise<Answer> {
  const reading = readOrTrouble(await readCvrs(files, { malformed: isLenient ? "phantom" : "refuse" }));
  const { format, election } = reading;
  const summary = await summarise(reading);
  cli.remark(...summary.faults.map(({ message }) => message));
  const rows = summary.contests.map(({ name, voteFor, isRanked, cards, overvoted, choices }) => {
    const choose = isRanked ? "ranked" : voteFor === undefined ? "" : String(voteFor);
    return [name, choose, choices.length, cards, overvoted ?? ""];
  });
  const title = election === "" ? [] : [election];
  const left =
    summary.phantoms === 0 ? [] : [`${amount(summary.phantoms, "row was", "rows were")} counted as phantoms`];
  return {
    json: { kind: "cvrs", format, election, ...summary },
    text: [
      ...title.map((text) => plain(text)),
      `${amount(summary.cards, "card")}, ${amount(summary.contests.length, "contest")} (${format})`,
      ...left,
      "",
      ...cli.table(["contest", "vote for", "choices", "cards", "overvoted"], rows),
    ],
    isNo: summary.phantoms > 0,
  };
}

async function manifest(cli: Cli, file: InputFile): Promise<Answer> {
  const { format, cards, batches } = readOrTrouble(await readManifest(file));
  const rows = batches.map(({ batch, county = "", container = "", location = "", cards: count }) => {
    return [batch, count, county, container, location];
  });
  return {
    json: { kind: "manifest", format, cards, batches },
    text: [
      `${amount(cards, "card")} in ${amount(batches.length, "batch", "batches")} (${format})`,
      "",
      ...cli.table(["batch", "cards", "county", "container", "location"], rows),
    ],
  };
}

async function tallies(cli: Cli, file: InputFile): Promise<Answer> {
  const { choices, batches } = readOrTrouble(await readTallies(file));
  const rows = choices.map((choice, i) => [choice, batches.reduce((sum, { votes }) => sum + (votes[i] ?? 0), 0)]);
  return {
    json: { kind: "tallies", choices, batches },
    text: [`Votes of ${amount(batches.length, "batch", "batches")}`, "", ...cli.table(["choice", "votes"], rows)],
  };
}
