import type { ContestRow } from "@detente/station";
import { AuditDesk } from "../../audit/desk.ts";
import { auditJson, auditText } from "../../audit/report.ts";
import { type CommonFlags, command } from "../../command.ts";
import { several } from "../../args.ts";
import { short } from "../../ui/text.ts";

export const statusOfAuditCommand = command<CommonFlags, string[]>({
  brief: "Say how far audits have come: terms, seed, rounds, risks, faults, and who owes what",
  examples: ["detente audit status", "detente audit status 1a2b3c4d5e6f --json"],
  flags: {},
  args: several("AUDIT", "an audit's hash, or its first digits; without it all are listed", 0),
  async run(cli, _, audit) {
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
  },
});
