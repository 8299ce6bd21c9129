import type { Json } from "@detente/basics";
import { Chains, sayings } from "@detente/unit";
import { required } from "../../args.ts";
import { AUDIT_AND_CONTEST, contestOf } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { readReadings } from "../../audit/readings-file.ts";
import { command } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { saidLine } from "../../statements.ts";

type Flags = { readonly read: string };

export const agreeCommand = command<Flags, [string, string]>({
  brief: "Sign one reading of cards on which the boards differed, after looking at the paper together",
  about:
    "It counts where both boards sign the same; until then the card counts as the worst. The file is as for `detente audit enter`.",
  examples: ["detente audit agree 1a2b3c4d5e6f mayor --read agreed.csv"],
  flags: { read: required(String, "file", "the reading of the cards that were in dispute, as CSV") },
  args: { kind: "tuple", parameters: AUDIT_AND_CONTEST },
  async run(cli, { read }, audit, contest) {
    return cli.withStation(async (station) => {
      const desk = await AuditDesk.open(cli, station, audit);
      desk.mustBe("board");
      const readings = await readReadings(
        inputFile(read, () => undefined),
        await contestOf(desk, contest),
      );
      const { boards } = desk.record.charter;
      const readBefore = sayings(desk.record, "observe/readings", boards).filter(
        ({ content }) => content.contest === contest,
      );
      const last = sayings(desk.record, "observe/agreed-readings", [desk.party]).at(-1);
      const before = [...(last === undefined ? [] : [last.hash]), ...new Chains(readBefore).ends()];
      const content = { by: desk.party, contest, readings } as unknown as Json;
      const appended = await desk.say("observe", "agreed-readings", content, before);
      return { json: appended, text: [saidLine("Agreed readings", appended)] };
    });
  },
});
