import { followFrom } from "@detente/unit";
import { required } from "../../args.ts";
import { AUDIT_AND_CONTEST } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { command } from "../../command.ts";
import { saidLine } from "../../statements.ts";
import { Trouble } from "../../trouble.ts";

type Flags = { readonly votes: readonly number[]; readonly winners: string };

export const countCommand = command<Flags, [string, string]>({
  brief: "State what this party's board counted by hand over all cards of a contest",
  about: "It is the outcome where both boards state the same.",
  examples: ['detente audit count 1a2b3c4d5e6f mayor --votes 180,90 --winners "Ada"'],
  flags: {
    votes: required(counts, "numbers", "votes of each candidate, in the order of the charter"),
    winners: required(String, "names", "who won, separated by semicolons; - for nobody"),
  },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  async run(cli, { votes, winners: names }, audit, id) {
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
  },
});

function counts(text: string): readonly number[] {
  if (!/^[0-9]{1,12}(?:,[0-9]{1,12})*$/.test(text))
    throw new Error(`"${text}" is not whole numbers separated by commas`);
  return text.split(",").map(Number);
}
