import type { IndicatorKind } from "@detente/record";

export const LOG_FORMATS = [
  "zeek-tsv",
  "zeek-json",
  "eve",
  "json",
  "access-log",
  "squid",
  "bind",
  "syslog",
  "csv",
  "mbox",
  "eml",
  "dnstap",
  "text",
] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];

/** Formats that are decoded before they are screened; all others are screened line by line. */
export type DocumentFormat = "mbox" | "eml" | "dnstap";

export type LineFormat = Exclude<LogFormat, DocumentFormat>;

/**
 * How strong a hit is:
 * - `exact-field`: a whole field is the indicator, or the host of the URL, `host:port` or request line that the field is;
 * - `subdomain`: the same of a name below the indicator;
 * - `cidr`: an address of the indicator's network, wherever it stands;
 * - `url`: the indicator's URL, whole;
 * - `embedded`: inside a longer field or free text, which may be no traffic at all (`setup.zip` looks like a domain).
 */
export type HitClass = "exact-field" | "subdomain" | "cidr" | "url" | "embedded";

/** The weakest first. */
export const HIT_CLASSES: readonly HitClass[] = ["embedded", "subdomain", "cidr", "url", "exact-field"];

export interface HitIndicator<Ref> {
  readonly kind: IndicatorKind;
  /** In canonical form. */
  readonly value: string;
  /** Whatever the caller gave to tell where the indicator came from. */
  readonly ref: Ref;
}

export interface Hit<Ref> {
  readonly indicator: HitIndicator<Ref>;
  /** From 1; in dnstap the frame. */
  readonly line: number;
  /** From 1, in bytes; in dnstap of the frame. */
  readonly column: number;
  /**
   * A Zeek or CSV column, a JSON path (`dns.rrname`), an access log's variable (`remote_addr`), in mail a header field
   * (`from`) or a part by its number (`part.1.2`, with `.sha256` for its digest), in dnstap `query_name`, `answer` and
   * their like, else `text`.
   */
  readonly field: string;
  /** When the line says it happened, milliseconds since the epoch. */
  readonly time: number | null;
  readonly class: HitClass;
  /** The name, address, URL, hash or e-mail address as it stood in the log; bytes that are not UTF-8 as U+FFFD. */
  readonly match: string;
  /** In mail, the line where the message begins. */
  readonly message?: number;
  /** The text around it in its line (in mail: of what was decoded), if that was asked for: see `excerpt`. */
  readonly context?: string;
}

/**
 * What a reader of the hits should know about the log: `long-line` (over 1 MiB: scanned in windows, fields unknown),
 * `invalid-utf8`, `not-in-format` (scanned as free text), `utf-16` (nothing can be found: convert the file first).
 * In mail: `long-part` (over 1 MiB: links beyond are not judged), `deep-nesting` (parts over 32 deep are scanned as
 * they stand), `bad-encoding` (what is no base64 was passed over), `unknown-charset` (scanned as it stands).
 * In dnstap: `bad-frame` (cut, over 1 MiB, or not to be read in part; what could be read was screened).
 */
export type FlagCode =
  | "long-line"
  | "invalid-utf8"
  | "not-in-format"
  | "utf-16"
  | "long-part"
  | "deep-nesting"
  | "bad-encoding"
  | "unknown-charset"
  | "bad-frame";

export interface Flag {
  readonly code: FlagCode;
  readonly count: number;
  /** The first line concerned, from 1. */
  readonly line: number;
}

export interface IndicatorTally<Ref> {
  readonly indicator: HitIndicator<Ref>;
  readonly count: number;
  /** The first line with a hit, from 1. */
  readonly line: number;
  /** Earliest and latest time of its hits; null when no line with a hit had one. */
  readonly first: number | null;
  readonly last: number | null;
}

export interface ScreeningSummary<Ref> {
  readonly name: string;
  /** `null` until enough was read to tell: nothing, or nothing but lines over 1 MiB. */
  readonly format: LogFormat | null;
  readonly lines: number;
  readonly bytes: number;
  readonly hits: number;
  /** In order of the first hit. */
  readonly byIndicator: readonly IndicatorTally<Ref>[];
  readonly flags: readonly Flag[];
  /** Earliest and latest time of all lines, hits or not: what the screening covers. */
  readonly from: number | null;
  readonly to: number | null;
}
