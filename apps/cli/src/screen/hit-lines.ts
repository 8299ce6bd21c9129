import { sizeText } from "@detente/telemetry/size-text";
import type { Cli } from "../cli.ts";
import type { Cell } from "../ui/table.ts";
import { amount, moment, plain, short } from "../ui/text.ts";
import type { LogTally, ScreenHit } from "./run-tally.ts";

/** As grep and compilers print places, so that editors can jump to them; below it the text around, if there is any. */
export function hitLines({ palette }: Cli, hit: ScreenHit): string[] {
  const { file, indicator, line, column, field, time, class: as, match, from, context } = hit;
  const { kind, value } = indicator;
  const when = time === null ? "no time" : moment(time);
  const seen = match.toLowerCase() === value ? "" : ` in ${plain(match)}`;
  const place = palette.strong(`${plain(file, 500)}:${line}:${column}`);
  const what = `${palette.bad(`${kind} ${plain(value)}`)}${seen} (${as})`;
  return [
    `${place}  ${when}  ${plain(field)}  ${what}  ${originText(from)}`,
    ...(context === undefined ? [] : [`    ${plain(context, 500)}`]),
  ];
}

function originText(origin: ScreenHit["from"]): string {
  return origin === null || origin === undefined
    ? "from a file"
    : `${plain(origin.party)} ${short(origin.share)}:${origin.index}`;
}

/** What hit in each log, how often and when. */
export function tallyTable(cli: Cli, logs: readonly LogTally[]): string[] {
  const when = (time: number | null): string => (time === null ? "-" : moment(time));
  const rows = logs.flatMap(({ name, indicators }) =>
    indicators.map(({ indicator: { kind, value }, from, count, first, last }): Cell[] => {
      return [kind, value, count, when(first), when(last), originText(from), name];
    }),
  );
  return rows.length === 0 ? [] : cli.table(["kind", "indicator", "hits", "first", "last", "shared by", "log"], rows);
}

export function summaryLine({ name, format, lines, bytes, hits, from, to }: LogTally): string {
  const span = from === null || to === null ? "no times" : `${moment(from)} to ${moment(to)}`;
  return `${plain(name, 500)}: ${amount(hits, "hit")} in ${amount(lines, "line")} (${format ?? (lines === 0 ? "empty" : "format unknown")}, ${sizeText(bytes)}, ${span})`;
}

const FLAGS = {
  "long-line": "is longer than 1 MiB, so its fields are unknown",
  "invalid-utf8": "is not UTF-8",
  "not-in-format": "is not in the log's format and was read as free text",
  "utf-16": "begins like UTF-16, in which nothing is found — convert the file, for example with iconv",
  "long-part": "begins a part over 1 MiB, of which links beyond are not judged",
  "deep-nesting": "begins parts nested over 32 deep, which were read as they stand",
  "bad-encoding": "begins a part with characters that its base64 does not have, which were passed over",
  "bad-frame": "(a frame of dnstap) is cut, too long or damaged, so that only what could be read was screened",
  "unknown-charset": "begins a part in an unknown character set, which was read as it stands",
} as const;

/** What is odd about a log, with its first place. */
export function flagLines({ name, flags }: Pick<LogTally, "name" | "flags">): string[] {
  return flags.map(({ code, count, line }) => {
    const more = count > 1 ? ` (and ${amount(count - 1, "more line")} like it)` : "";
    return `${plain(name, 500)}:${line}: the line ${FLAGS[code]}${more}`;
  });
}
