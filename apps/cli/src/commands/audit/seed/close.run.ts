import { closingTime, contributionsToClose } from "@detente/unit";
import { AuditDesk } from "../../../audit/desk.ts";
import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { saidLine } from "../../../statements.ts";
import { Trouble } from "../../../trouble.ts";
import { moment } from "../../../ui/text.ts";
import type { Flags } from "./close.ts";

export async function run(cli: Cli, { without }: Flags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("auditor");
    const { auditors, seed: recipe } = desk.record.charter;
    const { records, seed } = desk.seed;
    if (seed !== undefined) throw new Trouble(audit, "has its seed", "it cannot be made again");
    if (desk.isClosedInTime) {
      throw new Trouble(audit, "was closed in time", "say what dice and beacon gave, with `detente audit seed chance`");
    }
    const shares = records === undefined ? [] : contributionsToClose(desk.record, records.hash);
    const missing = auditors.filter((party) => !shares.some((share) => share.party === party));
    if (missing.length > 0 && !without) {
      throw new Trouble(
        missing.join(", "),
        "has not shown what it sealed, naming all seals",
        "wait, or leave it out with --without",
      );
    }
    const attempt = desk.attemptAt(cli.context.now());
    const round = recipe.beacon.rounds[(attempt ?? 0) - 1];
    if (attempt === undefined || round === undefined)
      throw new Trouble("beacon", "the last round of the charter has come out", "open a new audit");
    const about = shares.map(({ hash }) => hash);
    const appended = await desk.say("observe", "seed-closing", { attempt }, about);
    const text = `Closing of ${shares.length} contributions before ${recipe.beacon.name} ${round.round} (${moment(closingTime(desk.record.charter, attempt))})`;
    return { json: { ...appended, attempt, round }, text: [saidLine(text, appended)] };
  });
}
