import { list, optional, required, wholeNumber, yes } from "../../args.ts";
import { type CommonFlags, command, NO_ARGS } from "../../command.ts";
import { matchException } from "../../match/exception.ts";

export type Flags = {
  readonly partners: readonly string[];
  readonly budget: number;
  readonly pool?: number;
  readonly epochDays?: number;
  readonly kinds?: readonly string[];
  readonly minConfidence?: number;
  readonly files?: readonly string[];
  readonly noShares: boolean;
  readonly beyond?: readonly ReturnType<typeof matchException>[];
};

export const publishCommand = command<Flags, []>({
  brief: "Let partners ask blindly for what this party knows",
  about:
    "A partner's set holds what this party has shared with it, what stands in --files, which is shared with nobody, and what " +
    "--beyond names: of what was shared with others alone a partner is told nothing, not even a yes, unless it is named " +
    "there. Nobody can read a set; a partner learns of each of its questions whether the set has it. A budget counts the questions of an " +
    "epoch: those of a partner, and those of all together (--pool), who may be working together. How much is asked is on the " +
    "record. What stands here replaces what was set before; other terms begin another epoch.",
  examples: [
    "detente match publish --partners bravo,charlie --budget 5000",
    "detente match publish --partners bravo --budget 1000 --pool 1000 --kinds domain,ipv4 --min-confidence 70",
    "detente match publish --partners bravo --budget 1000 --files private.csv --no-shares",
    "detente match publish --partners bravo --budget 1000 --beyond bravo:alpha+charlie:amber",
  ],
  flags: {
    partners: { ...required(String, "party", "who may ask"), variadic: "," },
    budget: required(wholeNumber, "n", "questions that each may ask in an epoch"),
    pool: optional(wholeNumber, "n", "questions that all may ask together (default: the budget)"),
    epochDays: optional(wholeNumber, "days", "how long an epoch lasts (default: 30)"),
    kinds: list("kind", "only these kinds of indicators"),
    minConfidence: optional(wholeNumber, "0-100", "only indicators of at least this confidence"),
    files: list("file", "indicators that are shared with nobody"),
    noShares: yes("leave out what this party has shared"),
    beyond: {
      ...optional(matchException, "partner:share", "what a partner finds though it was shared with others"),
      variadic: ",",
    },
  },
  args: NO_ARGS,
  load: async () => ({ run: (await import("./publish.run.ts")).runPublish }),
});

export const stopCommand = command<CommonFlags, []>({
  brief: "Let nobody ask any more: the set is taken back, its key forgotten",
  examples: ["detente match stop"],
  flags: {},
  args: NO_ARGS,
  load: async () => ({ run: (await import("./publish.run.ts")).runStop }),
});
