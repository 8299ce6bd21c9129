import { fromBase64, present } from "@detente/basics";
import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { writeNew } from "../../../files.ts";
import { meetingNamed } from "../../../match/meeting.ts";
import { short } from "../../../ui/text.ts";

export async function run(cli: Cli, { output }: { readonly output: string }, name: string): Promise<Answer> {
  const { meeting, evidence } = await cli.withStation(async (station) => {
    const named = await meetingNamed(station, name);
    return { meeting: named, ...(await station.get<{ evidence: string }>(`/api/meetings/${named}/evidence`)) };
  });
  await writeNew(output, present(fromBase64(evidence), "base64"));
  return {
    json: { meeting, file: output },
    text: [`Meeting ${short(meeting)}: wrote ${output}; check it with \`detente verify ${output} RECORD\``],
  };
}
