import type { Cli } from "../../../cli.ts";
import type { Answer } from "../../../command.ts";
import { listOf } from "../../../match/meeting.ts";
import { amount, short } from "../../../ui/text.ts";
import type { Flags } from "./propose.ts";

const USUAL_S = 3 * 86_400;

export async function run(cli: Cli, { file, purpose, for: span, most }: Flags, partner: string): Promise<Answer> {
  const indicators = await listOf(cli, file);
  const until = cli.context.now() + 1000 * (span ?? USUAL_S);
  const terms = { with: partner, purpose, until, indicators, ...(most === undefined ? {} : { most }) };
  const { meeting } = await cli.withStation((station) =>
    station.post<{ meeting: string }>("/api/meetings/propose", terms),
  );
  const text = `Proposed meeting ${short(meeting)} with a list of ${amount(indicators.length, "indicator")}`;
  return { json: { meeting, indicators: indicators.length, until }, text: [text] };
}
