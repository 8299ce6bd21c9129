import { canonicalJson, type Json, utf8 } from "@detente/basics";
import { charterDigest } from "@detente/record";
import type { InvitationFile } from "@detente/station";
import { one, required } from "../../args.ts";
import { command, type CommonFlags } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { readCharter } from "../../party.ts";

export const inviteCommand = command<CommonFlags & { readonly output: string }, [string]>({
  brief: "Write the invitation for the parties that a proposed charter would take in",
  about:
    "The charter must have been proposed and observed. The file is no secret; its receiver compares the fingerprints in " +
    "it with the members, and joins with `detente charter join`.",
  examples: ["detente charter invite next.json -o invitation.json"],
  flags: { output: required(String, "file", "where the invitation goes") },
  aliases: { o: "output" },
  args: one(String, "FILE", "the proposed charter document"),
  async run(cli, { output }, path) {
    const digest = charterDigest(await readCharter(path));
    const invitation = await cli.withStation((station) =>
      station.get<InvitationFile>("/api/charter/invitation", { digest }),
    );
    await writeNew(output, utf8(`${canonicalJson(invitation as unknown as Json)}\n`));
    return {
      json: { file: output, digest, ...invitation },
      text: [`Written to ${output}. Give it to whoever is to join.`],
    };
  },
});
