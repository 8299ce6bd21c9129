import type { Question } from "@detente/station";
import type { Cli } from "../../../cli.ts";
import type { Answer, CommonFlags } from "../../../command.ts";
import { meetingNamed } from "../../../match/meeting.ts";
import { plain } from "../../../ui/text.ts";

export async function run(cli: Cli, _flags: CommonFlags, name: string): Promise<Answer> {
  const { rows } = await cli.withStation(async (station) => {
    const meeting = await meetingNamed(station, name);
    return station.get<{ rows: readonly Question[] }>(`/api/meetings/${meeting}/common`);
  });
  const cells = rows.map(({ kind, value }) => [kind, plain(value)]);
  return {
    json: rows,
    text: rows.length === 0 ? ["The lists have nothing in common."] : cli.table(["kind", "indicator"], cells),
    isNo: rows.length === 0,
  };
}
