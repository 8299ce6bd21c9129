import type { TypedPositionalParameters } from "@stricli/core";
import { list, required } from "../../args.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";

export type Flags = { readonly manifest: string; readonly pool?: readonly string[] };

const AUDIT_AND_FILES: TypedPositionalParameters<string[], Context> = {
  kind: "array",
  parameter: {
    parse: String,
    placeholder: "AUDIT FILE",
    brief: "the audit's hash or its first digits, then the files of cast-vote records",
  },
  minimum: 2,
};

export const commitCommand = command<Flags, string[]>({
  brief: "Commit to manifest and cast-vote records, as their holder",
  about:
    "Of each contest a salted collection of its cards goes on the record, and beside it the list of its votes in an order " +
    "that only this party knows: anybody can add it up, and nobody sees which card is whose. Public files and what opens " +
    "cards stay in audits/ of the data directory; give the public ones to everybody. Batches of --pool have votes and no " +
    "records, as in counties whose machines write none: a card drawn there is held against the mean of its batch (ONEAudit).",
  examples: [
    "detente audit commit 1a2b3c4d5e6f --manifest manifest.csv cvr.csv",
    "detente audit commit 1a2b3c4d5e6f --manifest manifest.csv --pool mayor=other-counties.csv cvr.csv",
  ],
  flags: {
    manifest: required(String, "file", "the ballot manifest, as CSV"),
    pool: list(
      "contest=file",
      "votes of batches that have no records, as CSV: batch, then a column for each candidate",
    ),
  },
  args: AUDIT_AND_FILES,
  load: () => import("./commit.run.ts"),
});
