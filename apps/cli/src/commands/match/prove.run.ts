import { canonicalIndicator } from "@detente/intel/canonical";
import { utf8 } from "@detente/basics";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { orTrouble } from "../../trouble.ts";
import { plain } from "../../ui/text.ts";
import type { Flags } from "./prove.ts";

export async function run(cli: Cli, { output, epoch }: Flags, partner: string, value: string): Promise<Answer> {
  const { kind, value: canonical } = orTrouble(canonicalIndicator(value), value);
  const indicator = { kind, value: canonical };
  const opened = await cli.withStation((station) =>
    station.post<object>("/api/match/transcript", { partner, indicator, ...(epoch === undefined ? {} : { epoch }) }),
  );
  await writeNew(output, utf8(`${JSON.stringify(opened)}\n`));
  return { json: { file: output, partner, indicator }, text: [`${plain(canonical)}: wrote ${output}`] };
}
