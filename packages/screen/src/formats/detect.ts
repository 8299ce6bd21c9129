import type { LineFormat, LogFormat } from "../hit.ts";
import { ACCESS_LOG, BIND, SQUID } from "./column-formats.ts";
import { ColumnReader } from "./columns.ts";
import { CsvReader, isCsv } from "./csv.ts";
import { JsonReader } from "./json.ts";
import { FROM_LINE } from "../mail/mail-screener.ts";
import type { LineReader } from "./reader.ts";
import { TextReader } from "./text.ts";
import { ZeekTsvReader } from "./zeek-tsv.ts";

const SYSLOG = /^(?:<[0-9]{1,3}>|[A-Z][a-z]{2} [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} \S)/;

const HEADER_LINE = /^(?:[!-9;-~]+[ \t]*:|[ \t])/;
/** Fields that every message or nearly every one has (RFC 5322 §3.6), the servers' among them. */
const COMMON_FIELD =
  /^(?:from|to|subject|date|message-id|received|return-path|delivered-to|mime-version|dkim-signature|reply-to):/i;

/** Whether the lines begin with a message's header: with fields only, so many of them common. */
function isMailHeader(lines: readonly string[], minimum: number): boolean {
  const end = lines.indexOf("");
  const header = end < 0 ? lines : lines.slice(0, end);
  return (
    header.every((line) => HEADER_LINE.test(line)) && header.filter((line) => COMMON_FIELD.test(line)).length >= minimum
  );
}

/** Tells the format of a log by its first lines: most of those that are not blank must agree. */
export function detectFormat(lines: readonly string[]): Exclude<LogFormat, "dnstap"> {
  const first = lines[0] ?? "";
  if (FROM_LINE.test(first) && isMailHeader(lines.slice(1), 1)) return "mbox";
  if (/^#(?:separator|set_separator|fields|path)\b/.test(first)) return "zeek-tsv";
  const votes = new Map<LineFormat, number>();
  const sample = lines.filter((line) => line.trim() !== "");
  for (const line of sample) {
    const format = formatOfLine(line);
    votes.set(format, (votes.get(format) ?? 0) + 1);
  }
  for (const [format, count] of votes) if (format !== "text" && 2 * count > sample.length) return format;
  if (isMailHeader(lines, 2)) return "eml";
  return isCsv(lines) ? "csv" : "text";
}

function formatOfLine(line: string): LineFormat {
  if (/^\s*\{/.test(line)) {
    if (/"event_type"\s*:/.test(line) && /"timestamp"\s*:/.test(line)) return "eve";
    return /"ts"\s*:/.test(line) && /"(?:uid|fuid|id\.orig_h|_path)"\s*:/.test(line) ? "zeek-json" : "json";
  }
  for (const { pattern, format } of [ACCESS_LOG, SQUID, BIND]) if (pattern.test(line)) return format;
  return SYSLOG.test(line) ? "syslog" : "text";
}

/** @param writtenBy when the log was written at the latest, if that is known: for times without a year */
export function readerFor(format: LineFormat, writtenBy: number | undefined): LineReader {
  switch (format) {
    case "zeek-tsv":
      return new ZeekTsvReader();
    case "zeek-json":
    case "eve":
    case "json":
      return new JsonReader(format);
    case "access-log":
      return new ColumnReader(ACCESS_LOG, writtenBy);
    case "squid":
      return new ColumnReader(SQUID, writtenBy);
    case "bind":
      return new ColumnReader(BIND, writtenBy);
    case "csv":
      return new CsvReader();
    case "syslog":
    case "text":
      return new TextReader(format, writtenBy);
  }
}
