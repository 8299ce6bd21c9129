import { charterDigest, type CharterDocument } from "@detente/record";
import type { Json } from "@detente/basics";
import type { StatusReport } from "@detente/station";
import { adoptCharter } from "@detente/station/setup";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { charterLines, readCharter } from "../../party.ts";
import type { Station } from "../../station.ts";
import { orTrouble, Trouble } from "../../trouble.ts";

export async function run(cli: Cli, _flags: CommonFlags, path: string): Promise<Answer> {
  const document = await readCharter(path);
  const when = await accept(cli, document, path);
  const digest = charterDigest(document);
  return { json: { digest, accepted: when }, text: [...charterLines(cli, document), "", SAID[when]] };
}

const SAID = {
  now: "Accepted. It is in force once every party has accepted it: see `detente charter show`.",
  later: "Accepted. The station says so on the record when it is started: `detente serve`.",
} as const;

async function accept(cli: Cli, document: CharterDocument, path: string): Promise<keyof typeof SAID> {
  const isRunning = await cli.withStation((station) => station.isRunning());
  if (isRunning) {
    await cli.withStation((station) => acceptAt(station, document));
    return "now";
  }
  if (document.base !== undefined) {
    throw new Trouble(
      cli.dir,
      "the station does not run, and an amendment is accepted on the record",
      `start it with \`detente serve --data ${cli.dir}\``,
    );
  }
  orTrouble(await adoptCharter(cli.dir, document), path);
  return "later";
}

async function acceptAt(station: Station, document: CharterDocument): Promise<void> {
  const digest = charterDigest(document);
  const { unit } = await station.get<StatusReport>("/api/status");
  if (unit?.id === digest) return;
  if (document.base === undefined) await station.post("/api/charter", { document: document as unknown as Json });
  else await station.post("/api/charter/accept", { digest });
}
