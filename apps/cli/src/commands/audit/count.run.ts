import { followFrom } from "@detente/unit";
import { AuditDesk } from "../../audit/desk.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";
import type { Flags } from "./count.ts";

export async function run(cli: Cli, { votes, winners: names }: Flags, audit: string, id: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    desk.mustBe("board");
    const contest = desk.record.charter.contests.find((each) => each.id === id);
    if (contest === undefined) {
      const ids = desk.record.charter.contests.map((each) => each.id).join(", ");
      throw new Trouble(id, "is no contest of this audit", `contests are ${ids}`);
    }
    if (votes.length !== contest.candidates.length) {
      throw new Trouble(
        "--votes",
        `are ${votes.length} numbers for ${contest.candidates.length} candidates`,
        contest.candidates.join(", "),
      );
    }
    const winners = (names === "-" ? [] : names.split(";")).map((name) => {
      const candidate = contest.candidates.indexOf(name.trim());
      if (candidate < 0)
        throw new Trouble("--winners", `"${name.trim()}" is no candidate`, contest.candidates.join(", "));
      return candidate;
    });
    if (!followFrom(contest, votes, winners))
      throw new Trouble("--winners", "do not follow from --votes by the rule of the contest", "look for the slip");
    const content = { contest: id, totals: votes, winners: winners.sort((a, b) => a - b) };
    const appended = await desk.say("observe", "hand-count", content);
    return { json: appended, text: [saidLine("Count by hand", appended)] };
  });
}
