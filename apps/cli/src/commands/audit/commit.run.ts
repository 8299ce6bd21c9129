import { type Json, toHex } from "@detente/basics";
import { readCvrs, readManifest } from "@detente/rla";
import { claimOf, commitRecords } from "@detente/unit";
import { AuditDesk } from "../../audit/desk.ts";
import { listedCards } from "../../audit/listed-cards.ts";
import { poolsIn } from "../../audit/pools.ts";
import { readOrTrouble } from "../../audit/read-or-trouble.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { saidLine } from "../../statements.ts";
import { orTrouble } from "../../trouble.ts";
import { amount, plain } from "../../ui/text.ts";
import type { Flags } from "./commit.ts";

/** Rows that could not be read and are named; the rest is counted. */
const MAX_NAMED = 100;

export async function run(
  cli: Cli,
  { manifest: manifestPath, pool = [] }: Flags,
  audit: string,
  ...paths: string[]
): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("holder");
    const { charter } = desk.record;
    const bar = cli.progress("reading", undefined);
    const manifest = readOrTrouble(await readManifest(inputFile(manifestPath, bar.add)));
    const files = paths.map((path) => inputFile(path, bar.add));
    const reading = readOrTrouble(await readCvrs(files, { malformed: charter.malformed }));
    const { cards, phantoms } = await listedCards(charter, reading);
    const pools = await poolsIn(charter, manifest, pool, bar.add);
    bar.clear();
    cli.remark(...phantoms.slice(0, MAX_NAMED).map(({ message }) => message));
    const key = cli.context.random(32);
    const batches = manifest.batches.map(({ batch, cards: count }) => ({ name: batch, cards: count }));
    const committed = orTrouble(commitRecords(charter, batches, cards, key, claimOf, pools), manifestPath);
    const { content, items } = committed;
    await desk.folder.keepSecret(content, toHex(key), items);
    const digests = [content.cards.digest, ...content.contests.map(({ votes }) => votes.digest)];
    for (const file of [committed.cards, ...committed.votes.values()]) await desk.folder.take(file, new Set(digests));
    const appended = await desk.say("exhibit", "records", content as unknown as Json);
    const published = digests.map((digest) => desk.folder.publicPath(digest));
    const rows = content.contests.map(({ id, recorded, totals, winners }) => {
      const names = charter.contests.find((contest) => contest.id === id)?.candidates ?? [];
      return [id, recorded, totals.join(" "), winners.map((winner) => names[winner] ?? "?").join(", ")];
    });
    return {
      json: {
        ...appended,
        cards: content.cards.count,
        recorded: cards.length,
        phantoms: phantoms.length,
        contests: content.contests,
        published,
      },
      text: [
        `${amount(content.cards.count, "card")} of the manifest, ${amount(cards.length, "card")} recorded, ${amount(phantoms.length, "row")} that could not be read`,
        ...cli.table(["contest", "cards", "votes", "reported"], rows),
        saidLine("Records", appended),
        "",
        "Give these files to every party:",
        ...published.map((path) => `  ${plain(path)}`),
      ],
    };
  });
}
