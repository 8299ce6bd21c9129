import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { listOf, meetingNamed } from "../../../match/meeting.ts";
import { amount, short } from "../../../ui/text.ts";
import type { Flags } from "./accept.ts";

export async function run(cli: Cli, { file }: Flags, name: string): Promise<Answer> {
  const indicators = await listOf(cli, file);
  const { meeting } = await cli.withStation(async (station) => {
    const body = { meeting: await meetingNamed(station, name), indicators };
    return station.post<{ meeting: string }>("/api/meetings/accept", body);
  });
  const text = `Entered meeting ${short(meeting)} with a list of ${amount(indicators.length, "indicator")}`;
  return { json: { meeting, indicators: indicators.length }, text: [text] };
}
