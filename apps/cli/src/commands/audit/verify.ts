import { one, optional } from "../../args.ts";
import { command } from "../../command.ts";

export type Flags = { readonly unit?: string; readonly audit?: string };

export const verifyAuditCommand = command<Flags, [string]>({
  brief: "Recompute an audit from its bundle, offline: commitments, witnesses, seed, draw, openings, risks",
  about:
    "Says of each step whether it holds. The record in a bundle holds all audits that were ever opened; those that have begun " +
    "and whose public files are in it are recomputed, the others only named, unless --audit says which. Exit code 0: every " +
    "step holds and every contest is confirmed or counted by hand, 1: not, 2: could not tell.",
  examples: [
    "detente audit verify mayor.detente.gz --unit 5f2d…",
    "detente audit verify mayor.detente.gz --audit 1a2b3c4d5e6f",
  ],
  flags: {
    unit: optional(String, "hex", "the unit's id, if you know it: the record must be of that unit"),
    audit: optional(auditHash, "hash", "the audit's hash or its first digits, at least 8"),
  },
  args: one(String, "BUNDLE", "a file of `detente audit export`"),
  load: () => import("./verify.run.ts"),
});

function auditHash(text: string): string {
  if (!/^[0-9a-f]{8,64}$/.test(text)) throw new Error(`"${text}" is not the first digits of a hash, at least 8`);
  return text;
}
