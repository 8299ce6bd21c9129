import { one, required } from "../args.ts";
import { command } from "../command.ts";

export type Flags = {
  readonly output: string;
  readonly body: boolean;
};

export const proofCommand = command<Flags, [string]>({
  brief: "Write the proof that one statement is on the record (c2sp.org/tlog-proof)",
  about:
    "Beside the proof go the entry of the log (.leaf.json) and the statement's body (.body.json). Whoever has the policy " +
    "(`detente charter policy`) verifies it with `detente verify`, or with any other C2SP verifier.",
  examples: [
    "detente proof 1a2b3c4d5e6f -o statement.tlog-proof",
    "detente proof 1a2b3c4d5e6f -o statement.tlog-proof --no-body",
  ],
  flags: {
    output: required(String, "file", "where the proof goes"),
    body: { kind: "boolean", brief: "also write what the statement says", default: true },
  },
  aliases: { o: "output" },
  args: one(String, "STATEMENT", "the statement's hash, or its first digits"),
  load: () => import("./proof.run.ts"),
});
