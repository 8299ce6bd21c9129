import type { Json } from "@detente/basics";
import { Chains, sayings } from "@detente/unit";
import { contestOf } from "../../audit/contest-of.ts";
import { AuditDesk } from "../../audit/desk.ts";
import { readReadings } from "../../audit/readings-file.ts";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { inputFile } from "../../files.ts";
import { saidLine } from "../../statements.ts";
import type { Flags } from "./agree.ts";

export async function run(cli: Cli, { read }: Flags, audit: string, contest: string): Promise<Answer> {
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
}
