import type { ContestRow } from "@detente/station";
import { AuditDesk } from "../../audit/desk.ts";
import { auditJson, auditText } from "../../audit/report.ts";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { short } from "../../ui/text.ts";

export async function run(cli: Cli, _: CommonFlags, audit: string): Promise<Answer> {
  return cli.withStation(async (station) => {
    if (audit === undefined) {
      const { rows } = await station.get<{ rows: readonly ContestRow[] }>("/api/contests");
      return {
        json: { rows },
        text: cli.table(
          ["audit", "title", "how far"],
          rows.map(({ hash, title, stage }) => [short(hash), title, stage]),
        ),
      };
    }
    const desk = await AuditDesk.open(cli, station, audit);
    const { record } = desk;
    const state = await desk.state();
    return { json: auditJson(record, state), text: auditText(cli, record, state) };
  });
}
