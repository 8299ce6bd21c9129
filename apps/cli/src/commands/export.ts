import { list, required, yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";

export type Flags = {
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
  load: () => import("./export.run.ts"),
});
