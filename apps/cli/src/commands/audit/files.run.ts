import { AuditDesk } from "../../audit/desk.ts";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

const MAX_FILE: number = 256 * 2 ** 20;

export async function run(cli: Cli, _: CommonFlags, audit: string, ...paths: string[]): Promise<Answer> {
  return cli.withStation(async (station) => {
    const desk = await AuditDesk.open(cli, station, audit);
    const known = new Set(
      desk.record.statements.flatMap(({ said }) =>
        said.name === "exhibit/records"
          ? [said.content.cards.digest, ...said.content.contests.map(({ votes }) => votes.digest)]
          : [],
      ),
    );
    const taken: string[] = [];
    for (const path of paths) {
      const digest = await desk.folder.take(await readWhole(path, MAX_FILE), known);
      if (digest === undefined) {
        throw new Trouble(
          path,
          "is no file that was committed in this audit",
          "ask its holder for the file as it was committed",
        );
      }
      taken.push(digest);
    }
    return { json: { taken }, text: [`Took ${amount(taken.length, "file")}`] };
  });
}
