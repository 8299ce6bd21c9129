import type { LogRow } from "@detente/station";
import type { Station } from "./station.ts";

const PAGE = 500;

interface LogPage {
  readonly rows: readonly LogRow[];
  readonly next?: number;
}

/** A party's rows from an index on, and the index where later ones will begin. */
export async function rowsFrom(
  station: Station,
  party: string,
  index: number,
): Promise<{ rows: LogRow[]; end: number }> {
  const rows: LogRow[] = [];
  let from: number | undefined = index;
  while (from !== undefined) {
    const page: LogPage = await station.get<LogPage>("/api/log", { party, after: from, limit: PAGE });
    rows.push(...page.rows);
    from = page.next;
  }
  return { rows, end: (rows.at(-1)?.index ?? index - 1) + 1 };
}

/** The last `wanted` rows of a party that are to be shown. */
export async function lastRows(
  station: Station,
  party: string,
  size: number,
  wanted: number,
  isShown: (row: LogRow) => boolean,
): Promise<LogRow[]> {
  const pages: (readonly LogRow[])[] = [];
  let shown = 0;
  for (let end = size; end > 0 && shown < wanted;) {
    const begin = Math.max(0, end - PAGE);
    const page = await station.get<LogPage>("/api/log", { party, after: begin, limit: end - begin });
    const rows = page.rows.filter(isShown);
    pages.push(rows);
    shown += rows.length;
    end = begin;
  }
  return pages
    .reverse()
    .flat()
    .slice(Math.max(0, shown - wanted));
}

/** Rows of several parties as one story: each party's in its own order, otherwise by the time that they claim. */
export function mergeRows(rowsOf: readonly (readonly LogRow[])[]): LogRow[] {
  const waiting = rowsOf.map((rows) => [...rows].reverse());
  const merged: LogRow[] = [];
  for (;;) {
    const [next] = waiting.filter((rows) => rows.length > 0).sort((a, b) => claimedTime(a) - claimedTime(b));
    const row = next?.pop();
    if (row === undefined) return merged;
    merged.push(row);
  }
}

function claimedTime(rows: readonly LogRow[]): number {
  return rows.at(-1)?.at ?? 0;
}
