import type { MeetingRow, Question } from "@detente/station";
import type { Cli } from "../cli.ts";
import { readIndicatorFiles } from "../indicators.ts";
import type { Station } from "../station.ts";
import { Trouble } from "../trouble.ts";
import { plain, short } from "../ui/text.ts";
import { distinct } from "./lookup.ts";

/** The indicators of a meeting's list, each once, in the forms in which stations compare them. */
export async function listOf(cli: Cli, paths: readonly string[]): Promise<{ kind: string; value: string }[]> {
  const { items, findings } = await readIndicatorFiles(paths);
  cli.remark(...findings);
  return distinct(items).map(({ kind, value }: Question) => ({ kind, value }));
}

export async function meetingRows(station: Station): Promise<readonly MeetingRow[]> {
  return (await station.get<{ rows: readonly MeetingRow[] }>("/api/meetings")).rows;
}

/** The whole hash of the one meeting whose hash begins so. */
export async function meetingNamed(station: Station, prefix: string): Promise<string> {
  const [found, ...others] = (await meetingRows(station)).filter(({ meeting }) => meeting.startsWith(prefix));
  if (found !== undefined && others.length === 0) return found.meeting;
  const why = found === undefined ? "is no meeting on the record" : "is the beginning of several";
  throw new Trouble(prefix, why, "see `detente match meet status`");
}

/** Whose fault it is that a meeting failed, in words, as far as the record tells; undefined where nothing is. */
export function faultText(fault: MeetingRow["fault"]): string | undefined {
  const accused = plain(fault?.party ?? "nobody");
  switch (fault?.why) {
    case "silent":
      return `ended by the silence of ${accused}`;
    case "broke-off":
      return `broken off by ${accused}`;
    case "accused":
      return `${accused} is accused: ${fault.outcome}`;
    case "counts-differ":
      return "the two numbers differ: one of both lies";
    case "word-against-word":
      return `one word against another${fault.outcome === null ? "" : `: ${fault.outcome}`}`;
    default:
      return undefined;
  }
}

/** What became of a meeting, in words. */
function standingText({ phase, fault, sides, progress, common }: MeetingRow): string {
  if (progress !== null) return `${progress.doing}: ${progress.done} of ${progress.total}`;
  const failed = faultText(fault);
  if (failed !== undefined) return failed;
  if (common !== null) return `over; ${common} items are known here`;
  const open = sides.filter(({ consent }) => consent !== "accept").map(({ party }) => party);
  return phase === "counted" ? `counted; to consent: ${open.join(", ")}` : phase;
}

/** A meeting as a row of a table. */
export function meetingCells(row: MeetingRow): string[] {
  const [by, other] = row.sides;
  const counts = row.sides.map(({ count }) => count ?? "-");
  const sizes = row.sides.map(({ size }) => size ?? "-");
  return [
    short(row.meeting),
    `${by?.party ?? "?"}, ${other?.party ?? "?"}`,
    sizes.join(", "),
    counts[0] === counts[1] ? String(counts[0]) : counts.join(", "),
    new Date(row.until).toISOString().slice(0, 16),
    standingText(row),
    plain(row.purpose, 60),
  ];
}
