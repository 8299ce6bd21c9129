import { type Json, parseCanonicalJson } from "@detente/basics";
import { charterDigest, checkCharter } from "@detente/record";
import { one } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";
import { readWhole } from "../../files.ts";
import { charterLines } from "../../party.ts";
import { orTrouble, Trouble } from "../../trouble.ts";

/** Two charter documents of the largest size. */
const MAX_INVITATION: number = 2 * 1024 * 1024;

export const joinCommand = command<CommonFlags, [string]>({
  brief: "Accept an invitation: become a party of a unit that is there already",
  about:
    "The station must run. Its acceptance goes on its own log at once; the record comes to it when every member has " +
    "accepted too. Compare the fingerprints with the members first.",
  examples: ["detente charter join invitation.json"],
  flags: {},
  args: one(String, "FILE", "the invitation, as `detente charter invite` wrote it"),
  async run(cli, _flags, path) {
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
  },
});
