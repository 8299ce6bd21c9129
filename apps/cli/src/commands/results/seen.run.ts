import { compareText } from "@detente/basics";
import { checkContent, type FileContent } from "@detente/record";
import type { LogRow, StatusReport } from "@detente/station";
import type { Cli } from "../../cli.ts";
import type { Answer, CommonFlags } from "../../command.ts";
import { rowsFrom } from "../../log-rows.ts";
import { moment, plain, short } from "../../ui/text.ts";

interface Shown extends FileContent {
  readonly party: string;
  readonly statement: string;
}

export async function run(cli: Cli, _flags: CommonFlags, thing: string): Promise<Answer> {
  const shown = await cli.withStation(async (station) => {
    const { leafHash } = await station.statement(thing);
    const { logs } = await station.get<StatusReport>("/api/status");
    const rows = await Promise.all(logs.map(({ party }) => rowsFrom(station, party, 0)));
    const copies = rows.flatMap(({ rows: of }) => of.flatMap((row) => shownIn(row, leafHash)));
    return copies.sort((a, b) => compareText(a.party, b.party) || a.obtained - b.obtained);
  });
  const differing = shown.filter((copy) => shown.some((other) => differs(copy, other)));
  const rows = shown.map((copy) => [
    copy.party,
    moment(copy.obtained),
    short(copy.digest),
    differing.includes(copy) ? { text: "differs", paint: cli.palette.bad } : "same",
    plain(copy.origin),
    short(copy.statement),
  ]);
  return {
    json: { copies: shown.map((copy) => ({ ...copy, differs: differing.includes(copy) })) },
    text:
      shown.length === 0
        ? ["No exhibit is about it"]
        : cli.table(["party", "obtained", "digest", "copy", "origin", "statement"], rows),
    isNo: differing.length > 0,
  };
}

function shownIn(row: LogRow, thing: string): Shown[] {
  if (row.type !== "exhibit" || row.kind !== "file" || !row.of.includes(thing)) return [];
  const checked = checkContent("exhibit", "file", row.content);
  if (!checked.ok || checked.value.name !== "exhibit/file") return [];
  return [{ ...checked.value.content, party: row.party, statement: row.leafHash }];
}

/** Two copies from one place, got at what may have been one time. */
function differs(copy: Shown, other: Shown): boolean {
  const overlaps = copy.obtained < other.obtained + other.precision && other.obtained < copy.obtained + copy.precision;
  return copy.origin === other.origin && copy.digest !== other.digest && overlaps;
}
