import { parseTime } from "@detente/intel/time";
import { parseLeadingTime, parseNamedMonthTime } from "./clock.ts";
import { type ColumnFormat, columnFormat } from "./columns.ts";
import { FREE_TEXT } from "./reader.ts";

/**
 * A column of digits ends where its token ends: what follows is free text of its own, and never half a name nor half an
 * IPv6 address.
 */
const TOKEN_END = String.raw`(?!:?[\w.\-\u0080-\u00ff]|::)`;
const QUOTED = String.raw`[^"\\]*(?:\\.[^"\\]*)*`;

/**
 * nginx's "combined" (ngx_http_log_module) and Apache's "common", "combined" and "vhost_combined" (mod_log_config),
 * with or without the port, and with anything appended.
 */
export const ACCESS_LOG: ColumnFormat = columnFormat(
  "access-log",
  [
    // A name, or an address that has a port after it; an address alone is the client's.
    ["server_name", String.raw`(?:(?=\S*[A-Za-z]|\S*:[0-9])([^\s":[\]]+)`],
    ["", "(:?)"],
    ["server_port", "([0-9]*)"],
    ["", "( ))?"],
    ["remote_addr", String.raw`((?!- )[^\s"[]+)`],
    ["", "( )"],
    ["ident", String.raw`(\S+)`],
    ["", "( )"],
    ["remote_user", String.raw`([^\s["]+(?: [^\s["]+){0,4}|"[^"]*")`],
    ["", String.raw`( \[[^\]]{10,40}\] ")`],
    ["request", `(${QUOTED})`],
    ["", `(" (?:[0-9]{3}|-) (?:[0-9]+|-)${TOKEN_END})`],
    ["", '(?:( ")'],
    ["referer", `(${QUOTED})`],
    ["", '(" ")'],
    ["user_agent", `(${QUOTED})`],
    ["", '("))?'],
    [FREE_TEXT, "(.*)"],
  ],
  parseNamedMonthTime,
);

/** Squid's native access.log (Squid wiki, "Log Files"). */
export const SQUID: ColumnFormat = columnFormat(
  "squid",
  [
    ["", String.raw`([0-9]{9,10}\.[0-9]{3} +-?[0-9]+ )`],
    ["client", String.raw`(\S+)`],
    ["", "( [A-Z_]+/[0-9]{3} [0-9]+ )"],
    ["method", String.raw`(\S+)`],
    ["", "( )"],
    ["url", String.raw`(\S+)`],
    ["", "( )"],
    ["user", String.raw`(\S+)`],
    ["", "( [A-Z_]+/)"],
    ["peer", String.raw`(\S+)`],
    [FREE_TEXT, "(.*)"],
  ],
  (line) => parseTime(line.slice(0, line.indexOf(" "))) ?? null,
);

/**
 * BIND's query log (BIND 9 ARM, categories "queries" and "responses"), whatever stands before it: a time in one of
 * the forms of `print-time`, category and severity, or what syslog adds; view and key after the client.
 */
export const BIND: ColumnFormat = columnFormat(
  "bind",
  [
    [FREE_TEXT, "(.*?)"],
    ["", String.raw`((?<![\w.\-\u0080-\u00ff])client (?:@0x[0-9a-f]+ )?)`],
    ["client", String.raw`([^\s#]+)`],
    ["", `(#[0-9]+${TOKEN_END})`],
    [FREE_TEXT, String.raw`((?:/key \S+)?)`],
    // BIND 9.9 and later say the name twice: where it is the same, it was asked for once.
    ["", String.raw`(?:( \()`],
    ["", String.raw`(\S+)`],
    ["", String.raw`(\))(?=(?:: view [^\s:]+)?: (?:query|response): \7 ))?`],
    [FREE_TEXT, "(.*?)"],
    ["", "((?<!:): (?:query|response): )"],
    ["query", String.raw`(\S+)`],
    [FREE_TEXT, "( .*)"],
  ],
  (line, writtenBy) => parseNamedMonthTime(line) ?? parseLeadingTime(line, writtenBy),
);
