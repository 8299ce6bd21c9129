import { one, yes } from "../../../args.ts";
import { AuditDesk } from "../../../audit/desk.ts";
import { command } from "../../../command.ts";
import { saidLine } from "../../../statements.ts";
import { Trouble } from "../../../trouble.ts";
import { moment } from "../../../ui/text.ts";
import { closingTime, contributionsToClose } from "@detente/unit";

type Flags = { readonly without: boolean };

export const closeCommand = command<Flags, [string]>({
  brief: "Close the contributions to the seed, before the beacon's next round comes out",
  about:
    "The attempt is the first of the charter's beacon rounds that is still to come by this machine's clock. Contributions that are " +
    "not here are left out for good, so it is refused while one is missing, unless --without says so.",
  examples: ["detente audit seed close 1a2b3c4d5e6f"],
  flags: { without: yes("leave out the auditors that have not shown what they sealed") },
  args: one(String, "AUDIT", "the audit's hash, or its first digits"),
  async run(cli, { without }, audit) {
    return cli.withStation(async (station) => {
      const desk = await AuditDesk.open(cli, station, audit);
      desk.mustBe("auditor");
      const { auditors, seed: recipe } = desk.record.charter;
      const { records, seed } = desk.seed;
      if (seed !== undefined) throw new Trouble(audit, "has its seed", "it cannot be made again");
      if (desk.isClosedInTime) {
        throw new Trouble(
          audit,
          "was closed in time",
          "say what dice and beacon gave, with `detente audit seed chance`",
        );
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
  },
});
