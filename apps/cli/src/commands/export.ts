import type { StatusReport } from "@detente/station";
import { list, required, yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";
import { writeNew } from "../files.ts";
import { Trouble } from "../trouble.ts";
import { amount } from "../ui/text.ts";

type Flags = {
  readonly output: string;
  readonly to?: readonly string[];
  readonly blobs: boolean;
};

export const exportCommand = command<Flags, []>({
  brief: "Write the record into one file that a third person verifies offline",
  about:
    "All logs with their checkpoints and cosignatures, the charter, and the bodies that all readers of the file may read. " +
    "`detente verify` checks it with no station and no network.",
  examples: ["detente export -o record.detente.gz", "detente export -o for-charlie.detente.gz --to charlie --blobs"],
  flags: {
    output: required(String, "file", "where the file goes"),
    to: list(
      "party",
      "also the bodies that these parties, separated by commas, may all read (default: unit-wide ones)",
    ),
    blobs: yes("also the items of shares"),
  },
  aliases: { o: "output" },
  args: NO_ARGS,
  async run(cli, { output, to, blobs }) {
    return cli.withStation(async (station) => {
      const { unit } = await station.get<StatusReport>("/api/status");
      const stranger = to?.find((name) => unit?.members.includes(name) !== true);
      if (stranger !== undefined) {
        throw new Trouble(
          "--to",
          `"${stranger}" is no member`,
          `members are ${unit?.members.join(", ") ?? "none yet"}`,
        );
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
  },
});
