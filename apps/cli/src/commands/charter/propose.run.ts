import type { Json } from "@detente/basics";
import { charterDigest } from "@detente/record";
import type { Appended } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { charterLines, readCharter } from "../../party.ts";
import { saidLine } from "../../statements.ts";

export async function run(cli: Cli, _flags: CommonFlags, path: string): Promise<Answer> {
  const document = await readCharter(path);
  const body = { document: document as unknown as Json };
  const appended = await cli.withStation((station) => station.post<Appended>("/api/charter/propose", body));
  return {
    json: { digest: charterDigest(document), ...appended },
    text: [...charterLines(cli, document), "", saidLine("Proposed", appended)],
  };
}
