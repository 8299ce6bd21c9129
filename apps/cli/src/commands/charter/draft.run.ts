import { canonicalJson, type Json, toHex, utf8 } from "@detente/basics";
import { charterDigest, type CharterDocument, checkCharter, leastQuorum } from "@detente/record";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { charterLines, ownPartyFile, readPartyFile, sortedParties } from "../../party.ts";
import { orTrouble } from "../../trouble.ts";
import type { Flags } from "./draft.ts";

export async function run(cli: Cli, { title, purpose, quorum, output }: Flags, ...paths: string[]): Promise<Answer> {
  const own = await ownPartyFile(cli.dir);
  const others = await Promise.all(paths.map(readPartyFile));
  const parties = sortedParties([own, ...others]);
  const document: CharterDocument = {
    v: 1,
    title,
    purpose,
    nonce: toHex(cli.context.random(32)),
    quorum: quorum ?? leastQuorum(parties.length),
    attempt: 1,
    parties,
  };
  orTrouble(checkCharter(document), output);
  await writeNew(output, utf8(`${canonicalJson(document as unknown as Json)}\n`));
  return {
    json: { file: output, digest: charterDigest(document), document },
    text: [
      ...charterLines(cli, document),
      "",
      `Written to ${output}. Compare each fingerprint with its party, then every party runs \`detente charter accept\` on it.`,
    ],
  };
}
