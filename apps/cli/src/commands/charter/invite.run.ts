import { canonicalJson, type Json, utf8 } from "@detente/basics";
import { charterDigest } from "@detente/record";
import type { InvitationFile } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { readCharter } from "../../party.ts";

export async function run(
  cli: Cli,
  { output }: CommonFlags & { readonly output: string },
  path: string,
): Promise<Answer> {
  const digest = charterDigest(await readCharter(path));
  const invitation = await cli.withStation((station) =>
    station.get<InvitationFile>("/api/charter/invitation", { digest }),
  );
  await writeNew(output, utf8(`${canonicalJson(invitation as unknown as Json)}\n`));
  return {
    json: { file: output, digest, ...invitation },
    text: [`Written to ${output}. Give it to whoever is to join.`],
  };
}
