import { setTimeout as sleep } from "node:timers/promises";
import type { LogRow, StatementStatus, StatusReport } from "@detente/station";
import type { Cli } from "../cli.ts";
import type { Answer } from "../command.ts";
import { lastRows, mergeRows, rowsFrom } from "../log-rows.ts";
import type { Station } from "../station.ts";
import { Trouble } from "../trouble.ts";
import { describe } from "../ui/describe.ts";
import type { Paint } from "../ui/paint.ts";
import type { Cell } from "../ui/table.ts";
import { audienceText, moment, short } from "../ui/text.ts";
import type { Flags } from "./log.ts";

const POLL_MS = 1000;

export async function run(cli: Cli, flags: Flags): Promise<Answer> {
  return cli.withStation((station) => show(cli, station, flags));
}

async function show(cli: Cli, station: Station, { party, last, all, heads, follow }: Flags): Promise<Answer> {
  const { logs } = await station.get<StatusReport>("/api/status");
  const chosen = logs.filter((log) => party === undefined || log.party === party);
  if (party !== undefined && chosen.length === 0) {
    throw new Trouble(
      "--party",
      `"${party}" has no log here`,
      `parties are ${logs.map((log) => log.party).join(", ")}`,
    );
  }
  const isShown = (row: LogRow): boolean => heads || row.kind !== "heads";
  const wanted = all ? Number.POSITIVE_INFINITY : last;
  const first = await Promise.all(chosen.map((log) => lastRows(station, log.party, log.size, wanted, isShown)));
  print(cli, mergeRows(first));
  if (follow) {
    const ends = new Map(chosen.map((log) => [log.party, log.size]));
    const stopped = cli.context.stopped().then(() => "stopped" as const);
    while ((await Promise.race([stopped, sleep(POLL_MS)])) !== "stopped") {
      const later = await Promise.all(
        [...ends].map(async ([name, from]) => {
          const { rows, end } = await rowsFrom(station, name, from);
          ends.set(name, end);
          return rows.filter(isShown);
        }),
      );
      print(cli, mergeRows(later));
    }
  }
  return { text: [] };
}

function print(cli: Cli, rows: readonly LogRow[]): void {
  if (rows.length === 0) return;
  if (cli.isJson) for (const row of rows) cli.printJson(row);
  else
    cli.print(
      ...cli.table(
        ["time", "party", "entry", "hash", "kind", "for", "status", "says"],
        rows.map((row) => cellsOf(cli, row)),
      ),
    );
}

function cellsOf(cli: Cli, row: LogRow): Cell[] {
  const status = row.reason === null ? row.status : `${row.status}: ${row.reason}`;
  return [
    row.at === null ? "?" : moment(row.at),
    row.party,
    row.index,
    short(row.leafHash),
    row.kind === null ? row.type : `${row.type}/${row.kind}`,
    row.kind === "heads" ? "unit" : audienceText(row.audience),
    { text: status, paint: paintOf(cli, row.status) },
    describe(row),
  ];
}

function paintOf({ palette }: Cli, status: StatementStatus): Paint {
  return { effective: palette.good, pending: palette.doubtful, waiting: palette.doubtful, void: palette.bad }[status];
}
