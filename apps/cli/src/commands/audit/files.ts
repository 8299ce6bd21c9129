import type { TypedPositionalParameters } from "@stricli/core";
import { type CommonFlags, command } from "../../command.ts";
import type { Context } from "../../context.ts";

const AUDIT_AND_FILES: TypedPositionalParameters<string[], Context> = {
  kind: "array",
  parameter: {
    parse: String,
    placeholder: "AUDIT FILE",
    brief: "the audit, then the public files that its holder gave",
  },
  minimum: 2,
};

export const filesCommand = command<CommonFlags, string[]>({
  brief: "Take over the public files of an audit: the list of cards and the lists of votes",
  about: "Each is checked against the digests that the holder committed to; a file that is none of them is refused.",
  examples: ["detente audit files 1a2b3c4d5e6f *.jsonl"],
  flags: {},
  args: AUDIT_AND_FILES,
  load: () => import("./files.run.ts"),
});
