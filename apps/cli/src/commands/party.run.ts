import { canonicalJson, type Json } from "@detente/basics";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { fingerprint, ownPartyFile, readPartyFile } from "../party.ts";

export async function run(
  cli: Cli,
  flags: { readonly fingerprint: boolean },
  path: string | undefined,
): Promise<Answer> {
  const party = path === undefined ? await ownPartyFile(cli.dir) : await readPartyFile(path);
  const shown = fingerprint(party);
  return {
    json: { party, fingerprint: shown },
    text: flags.fingerprint ? [shown] : [canonicalJson(party as unknown as Json)],
  };
}
