import type { TypedPositionalParameters } from "@stricli/core";
import { AuditDesk } from "../../audit/desk.ts";
import { type CommonFlags, command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { readWhole } from "../../files.ts";
import { Trouble } from "../../trouble.ts";
import { amount } from "../../ui/text.ts";

const AUDIT_AND_FILES: TypedPositionalParameters<string[], Context> = {
  kind: "array",
  parameter: {
    parse: String,
    placeholder: "AUDIT FILE",
    brief: "the audit, then the public files that its holder gave",
  },
  minimum: 2,
};

const MAX_FILE: number = 256 * 2 ** 20;

export const filesCommand = command<CommonFlags, string[]>({
  brief: "Take over the public files of an audit: the list of cards and the lists of votes",
  about: "Each is checked against the digests that the holder committed to; a file that is none of them is refused.",
  examples: ["detente audit files 1a2b3c4d5e6f *.jsonl"],
  flags: {},
  args: AUDIT_AND_FILES,
  async run(cli, _, audit, ...paths) {
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
  },
});
