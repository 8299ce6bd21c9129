import { HIT_CLASSES, type HitClass } from "@detente/screen/hit";
import { one, optional, seconds, wholeNumber } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = {
  readonly release: "officer" | "policy";
  readonly minimum?: HitClass;
  readonly round?: number;
  readonly noisy?: number;
};

export const hitsCommand = command<Flags, [string]>({
  brief: "Say who lets out what `detente screen --blind` finds in a partner's set",
  about:
    "Hits of shares that this party can read become sightings: they wait for an officer (`detente watch pending`) or, with " +
    "--release policy, are said as soon as they are counted, and the partner and the other readers of the share learn of them. " +
    "Nobody learns anything of the others. What stands here replaces what was set for PARTNER before, from the next run on.",
  examples: [
    "detente match hits bravo --release policy --minimum exact-field --round 1h",
    "detente match hits bravo --release officer",
  ],
  flags: {
    release: { kind: "enum", values: ["officer", "policy"], brief: "who lets sightings out" },
    minimum: {
      kind: "enum",
      values: [...HIT_CLASSES],
      brief: "the weakest hits that the policy lets out; weaker ones wait for an officer (default: subdomain)",
      optional: true,
    },
    round: optional(seconds, "time", "round the times that are said outwards to this (default: 15m)"),
    noisy: optional(wholeNumber, "n", "leave more hits than this in a log to an officer (default: 10000)"),
  },
  args: one(String, "PARTNER", "whose set was asked"),
  load: () => import("./hits.run.ts"),
});
