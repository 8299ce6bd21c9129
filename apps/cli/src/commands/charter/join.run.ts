import { type Json, parseCanonicalJson } from "@detente/basics";
import { charterDigest, checkCharter } from "@detente/record";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { charterLines } from "../../party.ts";
import { orTrouble, Trouble } from "../../trouble.ts";

/** Two charter documents of the largest size. */
const MAX_INVITATION: number = 2 * 1024 * 1024;

export async function run(cli: Cli, _flags: CommonFlags, path: string): Promise<Answer> {
  const bytes = await readWhole(path, MAX_INVITATION);
  const invitation = orTrouble(parseCanonicalJson(bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes), path);
  if (typeof invitation !== "object" || invitation === null || Array.isArray(invitation)) {
    throw new Trouble(path, "is no invitation", "have it written with `detente charter invite`");
  }
  const { proposal } = invitation as { readonly [member: string]: Json };
  const document = orTrouble(checkCharter(proposal), path);
  await cli.withStation((station) => station.post("/api/charter/join", invitation));
  return {
    json: { digest: charterDigest(document), accepted: "now" },
    text: [
      ...charterLines(cli, document),
      "",
      "Accepted. The record comes once every member has accepted: see `detente status`.",
    ],
  };
}
