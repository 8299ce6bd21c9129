import type { StatusReport } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { writeNew } from "../files.ts";
import { Trouble } from "../trouble.ts";
import { amount } from "../ui/text.ts";
import type { Flags } from "./export.ts";

export async function run(cli: Cli, { output, to, blobs }: Flags): Promise<Answer> {
  return cli.withStation(async (station) => {
    const { unit } = await station.get<StatusReport>("/api/status");
    const stranger = to?.find((name) => unit?.members.includes(name) !== true);
    if (stranger !== undefined) {
      throw new Trouble("--to", `"${stranger}" is no member`, `members are ${unit?.members.join(", ") ?? "none yet"}`);
    }
    const audience = to?.join(",") ?? "unit";
    const progress = cli.progress("exporting", undefined);
    let lines = 0;
    const source = await station.lines("/api/export", { audience, blobs: blobs ? 1 : 0 });
    async function* counted(): AsyncGenerator<string> {
      for await (const line of source) {
        lines++;
        progress.add(line.length + 1);
        yield `${line}\n`;
      }
    }
    await writeNew(output, counted(), true);
    progress.clear();
    return {
      json: { file: output, audience, lines },
      text: [`Wrote ${amount(lines, "line")} to ${output}; check it with \`detente verify ${output}\``],
    };
  });
}
