import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { ownPartyFile } from "../party.ts";
import { saidLine, stateAbout } from "../statements.ts";
import { Trouble } from "../trouble.ts";
import { short } from "../ui/text.ts";

export async function run(cli: Cli, { reason }: { readonly reason?: string }, share: string): Promise<Answer> {
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
}
