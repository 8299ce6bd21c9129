import type { Json } from "@detente/basics";
import { charterDigest } from "@detente/record";
import type { Appended } from "@detente/station";
import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";
import { charterLines, readCharter } from "../../party.ts";
import { saidLine } from "../../statements.ts";

export const proposeCommand = command<CommonFlags, [string]>({
  brief: "Propose a charter that is to follow the one in force",
  about: "Proposing is not accepting: this party too has to accept it.",
  examples: ["detente charter propose next.json"],
  flags: {},
  args: one(String, "FILE", "the charter document"),
  async run(cli, _flags, path) {
    const document = await readCharter(path);
    const body = { document: document as unknown as Json };
    const appended = await cli.withStation((station) => station.post<Appended>("/api/charter/propose", body));
    return {
      json: { digest: charterDigest(document), ...appended },
      text: [...charterLines(cli, document), "", saidLine("Proposed", appended)],
    };
  },
});
