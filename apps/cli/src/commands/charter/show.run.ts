import type { CharterDocument } from "@detente/record";
import type { CharterReport } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { charterLines } from "../../party.ts";
import { plain, short } from "../../ui/text.ts";

export async function run(cli: Cli): Promise<Answer> {
  const report = await cli.withStation((station) => station.get<CharterReport>("/api/charter"));
  const { inForce, accepted, proposals } = report;
  const state = inForce ? cli.palette.good("in force") : cli.palette.doubtful("not in force yet");
  const rows = proposals.map(({ digest, statement, accepted: by }) => [digest, short(statement), by.join(", ")]);
  return {
    json: report,
    text: [
      ...charterLines(cli, report.document as unknown as CharterDocument),
      "",
      `${state}; accepted by ${accepted.length === 0 ? "nobody" : plain(accepted.join(", "))}`,
      ...(rows.length === 0 ? [] : ["", ...cli.table(["proposed", "statement", "accepted by"], rows)]),
    ],
  };
}
