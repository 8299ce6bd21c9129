import { optional, required, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly output: string; readonly epoch?: number };

export const proveCommand = command<Flags, [string, string]>({
  brief: "Lay one question to a partner open, for others to verify what its set holds",
  about:
    "The file shows that the set to which the partner committed holds the indicator, or does not, by the partner's own proof: " +
    "anybody with its policy (`detente charter policy`) verifies it offline with `detente verify`. It shows this question and " +
    "your key for this set, and no other question. What shows the answers of sets that the partner has taken back is kept.",
  examples: ["detente match prove bravo evil.example -o transcript.json"],
  flags: {
    output: required(String, "file", "where the transcript goes"),
    epoch: optional(wholeNumber, "n", "of the partner's set (default: the last in which this was looked up)"),
  },
  aliases: { o: "output" },
  args: {
    kind: "tuple",
    parameters: [
      { parse: String, placeholder: "PARTNER", brief: "who was asked" },
      { parse: String, placeholder: "VALUE", brief: "what was looked up" },
    ],
  },
  load: () => import("./prove.run.ts"),
});
