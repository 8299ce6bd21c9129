import { fromHex, utf8 } from "@detente/basics";
import { type BallotManifest, readManifest, sampleCards, type SheetDraw, sheetCsv, sheetHtml } from "@detente/rla";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { inputFile, writeNew } from "../../files.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";
import type { Flags } from "./sheet.ts";

export async function run(
  cli: Cli,
  { draw, seed, count, jurisdiction, title, output }: Flags,
  path: string,
): Promise<Answer> {
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
}

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
