import { INDICATOR_KINDS, type IndicatorKind } from "@detente/record/vocabulary";
import { itemName, type ItemName, optional, wholeNumber } from "../args.ts";
import { command } from "../command.ts";

export type Flags = {
  readonly kind?: IndicatorKind;
  readonly party?: string;
  readonly proof?: ItemName;
  readonly limit: number;
};

export const intelCommand = command<Flags, [string?]>({
  brief: "List and search what was shared: by whom, whether it was seen, with proofs",
  about:
    "An indicator may be written defanged. With --proof the item's place in the share and the share's place on the record " +
    "are verified here, and printed with --json for somebody else to verify.",
  examples: [
    "detente intel",
    "detente intel hxxp://evil[.]example/x",
    "detente intel --kind domain --party bravo",
    "detente intel --proof 1a2b3c4d5e6f:17 --json > item-proof.json",
  ],
  flags: {
    kind: { kind: "enum", values: INDICATOR_KINDS, brief: "only this kind", optional: true },
    party: optional(String, "name", "only what this party has shared"),
    proof: optional(itemName, "share:index", "prove that this item was shared"),
    limit: { kind: "parsed", parse: wholeNumber, placeholder: "n", default: "100", brief: "so many at most" },
  },
  args: {
    kind: "tuple",
    parameters: [{ parse: String, placeholder: "QUERY", brief: "an indicator, or a part of one", optional: true }],
  },
  load: () => import("./intel.run.ts"),
});
