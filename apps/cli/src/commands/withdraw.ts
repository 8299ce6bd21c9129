import { optional, one } from "../args.ts";
import { command } from "../command.ts";
import { ownPartyFile } from "../party.ts";
import { saidLine, stateAbout } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { short } from "../ui/text.ts";

export const withdrawCommand = command<{ readonly reason?: string }, [string]>({
  brief: "Withdraw a share of this party",
  about: "It is screened for no longer. What was said stays on the record, and who received it has seen it.",
  examples: ["detente withdraw 1a2b3c4d5e6f", 'detente withdraw 1a2b3c4d5e6f --reason "our own scanner"'],
  flags: { reason: optional(String, "text", "why") },
  args: one(String, "SHARE", "the share's hash, or its first digits"),
  async run(cli, { reason }, share) {
    const content = reason === undefined ? {} : { text: reason };
    const said = { type: "position", kind: "withdraw", content } as const;
    const { name } = await ownPartyFile(cli.dir);
    const appended = await cli.withStation(async (station) => {
      const { party, leafHash } = await station.statement(share);
      if (party === name) return stateAbout(station, [share], said);
      throw new Trouble(
        short(leafHash),
        `is ${party}'s, and only ${party} can withdraw it`,
        `say where ${name} stands with \`detente say deny ${short(leafHash)}\``,
      );
    });
    return { json: appended, text: [saidLine("Withdrawn", appended)] };
  },
});
