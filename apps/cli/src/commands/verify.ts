import { optional } from "../args.ts";
import { command } from "../command.ts";

export type Flags = {
  readonly unit?: string;
  readonly policy?: string;
  readonly leaf?: string;
  readonly body?: string;
};

export const verifyCommand = command<Flags, [string, string?]>({
  brief: "Verify a file offline, with no station and no network",
  about:
    "Takes record files (`detente export`), proofs of single statements (.tlog-proof, `detente proof`), proofs of shared items " +
    "(`detente intel --proof … --json`), transcripts of blind look-ups (`detente match prove`) and proofs of equivocation " +
    "(JSON), all of which need a policy of whom you trust (`detente charter policy`); and evidence of meetings " +
    "(`detente match meet evidence`), which a record judges. Exit code 0: valid, 1: not valid, 2: could not tell.",
  examples: [
    "detente verify record.detente.gz --unit 5f2d…",
    "detente verify statement.tlog-proof --policy bravo.policy",
    "detente verify item-proof.json --policy bravo.policy",
    "detente verify transcript.json --policy bravo.policy",
    "detente verify equivocation.json --policy mallory.policy",
    "detente verify meeting.evidence record.detente.gz",
  ],
  flags: {
    unit: optional(unitId, "hex", "the unit's id, if you know it: the record must be of that unit"),
    policy: optional(String, "file", "a c2sp.org/tlog-policy file: whose signatures you trust"),
    leaf: optional(String, "file", "the entry of the log (default: the .leaf.json beside the .tlog-proof)"),
    body: optional(String, "file", "the statement's body (default: the .body.json beside it, if there is one)"),
  },
  args: {
    kind: "tuple",
    parameters: [
      { parse: String, placeholder: "FILE", brief: "what is to be verified" },
      { parse: String, placeholder: "RECORD", brief: "of evidence of a meeting: the record", optional: true },
    ],
  },
  load: () => import("./verify.run.ts"),
});

function unitId(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`"${text}" is not a unit's id of 64 hexadecimal digits`);
  return text;
}
