import { sealsToName } from "@detente/unit";
import { AuditDesk } from "../../../audit/desk.ts";
import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { saidLine } from "../../../statements.ts";
import { Trouble } from "../../../trouble.ts";
import type { Flags } from "./show.ts";

export async function run(cli: Cli, { without }: Flags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("auditor");
    const { auditors } = desk.record.charter;
    const { records, sealed } = desk.seed;
    if (records === undefined) throw new Trouble(audit, "is not sealed by a majority yet", "wait for the others");
    const missing = auditors.filter((party) => !sealed.includes(party));
    if (missing.length > 0 && !without) {
      throw new Trouble(missing.join(", "), "has not sealed yet", "wait, or go on with --without");
    }
    if (desk.attemptAt(cli.context.now()) === undefined) {
      throw new Trouble(
        "beacon",
        "the last round of the charter has come out",
        "open a new audit: this one has no seed",
      );
    }
    const [own] = await desk.unshown(
      (content) => typeof content === "object" && content !== null && "random" in content,
    );
    if (own === undefined)
      throw new Trouble(desk.party, "has nothing sealed and in effect to show", "see `detente audit next`");
    const about = sealsToName(desk.record, records.hash);
    const appended = await desk.say("observe", "seed-share", own.content, about, own.unseals);
    return { json: appended, text: [saidLine("Contribution", appended)] };
  });
}
