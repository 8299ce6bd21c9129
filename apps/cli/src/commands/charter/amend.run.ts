import { canonicalJson, type Json, toHex, utf8 } from "@detente/basics";
import {
  type CharterContent,
  charterDigest,
  type CharterDocument,
  checkCharter,
  leastQuorum,
  type PartyFile,
} from "@detente/record";
import type { CharterReport } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { writeNew } from "../../files.ts";
import { charterLines, readPartyFile, sortedParties } from "../../party.ts";
import type { Station } from "../../station.ts";
import { orTrouble, Trouble } from "../../trouble.ts";
import type { Flags } from "./amend.ts";

export async function run(cli: Cli, { title, purpose, quorum, add = [], remove = [], output }: Flags): Promise<Answer> {
  const { base, digest, attempts } = await cli.withStation(charterInForce);
  const stranger = remove.find((name) => !base.parties.some((party) => party.name === name));
  if (stranger !== undefined) {
    throw new Trouble("--remove", `${stranger} is no party of the charter`, "see `detente charter show`");
  }
  const added = await Promise.all(add.map(readPartyFile));
  const parties = sortedParties([...base.parties.filter(({ name }) => !remove.includes(name)), ...added]);
  const document: CharterDocument = {
    ...base,
    title: title ?? base.title,
    purpose: purpose ?? base.purpose,
    nonce: toHex(cli.context.random(32)),
    quorum: quorum ?? (parties.length === base.parties.length ? base.quorum : leastQuorum(parties.length)),
    attempt: 1 + Math.max(0, ...attempts),
    base: digest,
    parties,
  };
  orTrouble(checkCharter(document), output);
  await writeNew(output, utf8(`${canonicalJson(document as unknown as Json)}\n`));
  return {
    json: { file: output, digest: charterDigest(document), document },
    text: [...charterLines(cli, document), "", `Written to ${output}. Next: \`detente charter propose ${output}\`.`],
  };
}

/** The charter to be amended, and the attempts that others have proposed already. */
async function charterInForce(
  station: Station,
): Promise<{ base: CharterDocument; digest: string; attempts: number[] }> {
  const { document, digest, proposals, parties } = await station.get<CharterReport>("/api/charter");
  const proposed = await Promise.all(proposals.map(({ statement }) => station.statement(statement)));
  const attempts = proposed.map(({ content }) => (content as unknown as CharterContent).charter.attempt);
  const base = document as unknown as CharterDocument;
  const current = parties as unknown as readonly PartyFile[];
  // With the keys of today: a newcomer goes by them until it has the record.
  const files = base.parties.map((party) => current.find(({ name }) => name === party.name) ?? party);
  return { base: { ...base, parties: files }, digest, attempts };
}
