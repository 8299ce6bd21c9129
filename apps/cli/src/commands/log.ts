import { optional, wholeNumber, yes } from "../args.ts";
import { command, NO_ARGS } from "../command.ts";

export type Flags = {
  readonly party?: string;
  readonly last: number;
  readonly all: boolean;
  readonly heads: boolean;
  readonly follow: boolean;
};

export const logCommand = command<Flags, []>({
  brief: "Show the record: what each party has said, and what became of it",
  about:
    "Each party's statements stand in the order of its log; the times are what the authors claim. pending: not yet observed by " +
    "the quorum; waiting: observed, but what it builds on is not here; void: without effect, for the reason given. " +
    "--json prints a line for each statement.",
  examples: ["detente log", "detente log --party bravo --all", "detente log --follow", "detente log --json --last 5"],
  flags: {
    party: optional(String, "name", "only this party's log"),
    last: { kind: "parsed", parse: wholeNumber, placeholder: "n", default: "20", brief: "so many of each party" },
    all: yes("all statements"),
    heads: yes("also the observations of others' checkpoints"),
    follow: yes("go on with what comes, until Ctrl-C"),
  },
  aliases: { f: "follow" },
  args: NO_ARGS,
  load: () => import("./log.run.ts"),
});
