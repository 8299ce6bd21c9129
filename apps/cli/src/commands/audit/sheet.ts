import { fromHex, utf8 } from "@detente/basics";
import { type BallotManifest, readManifest, sampleCards, type SheetDraw, sheetCsv, sheetHtml } from "@detente/rla";
import { one, optional, required, wholeNumber } from "../../args.ts";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import { command } from "../../command.ts";
import { inputFile, writeNew } from "../../files.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

type Flags = {
  readonly draw: SheetDraw["by"];
  readonly seed: string;
  readonly count: number;
  readonly jurisdiction?: string;
  readonly title: string;
  readonly output?: string;
};

export const sheetCommand = command<Flags, [string]>({
  brief: "List the cards that a draw takes from a manifest, to print and to fetch",
  about:
    "Each card stands once, in the order of the manifest, with the numbers of its draws. --draw detente draws without " +
    "replacement from a seed of 64 hex digits; arlo and colorado with replacement, as those audits do. A name that ends in " +
    ".html makes a page to print, with a place to sign; .csv, or none, a table.",
  examples: [
    "detente audit sheet manifest.csv --draw colorado --seed 79868317266034310489 --count 120 -o adams.html",
    "detente audit sheet manifest.csv --draw arlo --jurisdiction Cobb --seed 12345678901234567890 --count 80 -o cobb.csv",
  ],
  flags: {
    draw: { kind: "enum", values: ["detente", "arlo", "colorado"], default: "detente", brief: "by which rule" },
    seed: required(String, "seed", "as published"),
    count: required(wholeNumber, "n", "how many draws"),
    jurisdiction: optional(String, "name", "as Arlo calls it (arlo)"),
    title: { ...required(String, "text", "above the sheet"), default: "Ballots to fetch" },
    output: optional(String, "file", "where to (default: standard output, as CSV)"),
  },
  aliases: { o: "output" },
  args: one(String, "MANIFEST", "ballot manifest, CSV"),
  async run(cli, { draw, seed, count, jurisdiction, title, output }, path) {
    const bar = cli.progress("reading", undefined);
    const manifest = readOrTrouble(await readManifest(inputFile(path, bar.add)));
    bar.clear();
    const cards = orTrouble(sampleCards(manifest.batches, drawOf(draw, seed, jurisdiction), count), path);
    const json = {
      cards: cards.map(({ batch: { batch, container, location }, position, draws, ticket }) => {
        return { batch, container, location, position, draws, ticket };
      }),
    };
    const csv = sheetCsv(cards);
    if (output === undefined) return { json, text: csv.trimEnd().split("\r\n") };
    const origin = originOf(manifest, path, draw, seed, count);
    await writeNew(output, utf8(/\.html?$/i.test(output) ? sheetHtml({ title, origin }, cards) : csv));
    return { json, text: [`${output}: ${amount(cards.length, "card")} for ${amount(count, "draw")}`] };
  },
});

function drawOf(by: SheetDraw["by"], seed: string, jurisdiction: string | undefined): SheetDraw {
  if (by === "colorado") return { by, seed };
  if (by === "arlo") {
    if (jurisdiction === undefined) throw new Trouble("--jurisdiction", "is missing", "Arlo's draw depends on it");
    return { by, seed, jurisdiction };
  }
  const bytes = /^[0-9a-f]{64}$/.test(seed) ? fromHex(seed) : undefined;
  if (bytes === undefined) throw new Trouble("--seed", "is not 64 hex digits", "the seed of our own draw has 32 bytes");
  return { by, seed: bytes };
}

function originOf(
  { cards, batches }: BallotManifest,
  path: string,
  draw: string,
  seed: string,
  count: number,
): string[] {
  return [
    `Manifest ${path}: ${amount(cards, "card")} in ${amount(batches.length, "batch", "batches")}.`,
    `Draw: ${draw}, seed ${seed}, ${amount(count, "draw")}.`,
  ];
}
