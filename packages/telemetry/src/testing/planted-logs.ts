/*
 * Logs with indicators at known places, among text that only looks like them. Written from the documents of the formats
 * and for this check alone: nothing here is shared with the engine, its readers or the generator of test data.
 */

import { type Cell, DECOYS, NEUTRAL, REAL, type Slot } from "./planted-cells.ts";

export interface Planted {
  /** From 1; the column in bytes. */
  readonly line: number;
  readonly column: number;
  readonly field: string;
  readonly kind: string;
  readonly value: string;
}

export interface PlantedLog {
  readonly format: string;
  readonly text: string;
  readonly planted: readonly Planted[];
}

/** Bytes of a line, with the places of its cells. */
class Row {
  text = "";
  readonly found: Omit<Planted, "line">[] = [];
  readonly #pick: (slot: Slot) => Cell;
  readonly #encode: (text: string) => string;

  constructor(pick: (slot: Slot) => Cell, encode: (text: string) => string) {
    this.#pick = pick;
    this.#encode = encode;
  }

  raw(text: string): this {
    this.text += text;
    return this;
  }

  cell(slot: Slot, field: string): this {
    const [text, indicator] = this.#pick(slot);
    const column = new TextEncoder().encode(this.text).length + 1;
    if (indicator !== undefined) this.found.push({ column, field, kind: indicator[0], value: indicator[1] });
    return this.raw(this.#encode(text));
  }
}

interface Format {
  readonly header?: string;
  /** As the format writes what it must escape. */
  readonly encode?: (text: string) => string;
  readonly row: (row: Row, second: number) => Row;
}

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
/** As serialisers do that escape more than they must. */
const escaping = (text: string): string => json(text).replaceAll("/", "\\/");
const asIs = (text: string): string => text;
const two = (number: number): string => String(number % 60).padStart(2, "0");

const FORMATS: Readonly<Record<string, Format>> = {
  "zeek-tsv": {
    header:
      "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n" +
      "#fields\tts\tuid\tid.orig_h\tquery\tanswers\n#types\ttime\tstring\taddr\tstring\tvector[string]\n",
    row: (row, s) =>
      row
        .raw(`17640000${two(s)}.000000\tCabc\t`)
        .cell("address", "id.orig_h")
        .raw("\t")
        .cell("name", "query")
        .raw("\t")
        .cell("name", "answers")
        .raw(",")
        .cell("address", "answers"),
  },
  "zeek-json": {
    encode: json,
    row: (row, s) =>
      row
        .raw(`{"ts":17640000${two(s)}.5,"uid":"Cabc","id.orig_h":"`)
        .cell("address", "id.orig_h")
        .raw('","query":"')
        .cell("name", "query")
        .raw('","answers":["')
        .cell("name", "answers")
        .raw('","')
        .cell("address", "answers")
        .raw('"]}'),
  },
  eve: {
    encode: escaping,
    row: (row, s) =>
      row
        .raw(`{"timestamp":"2026-11-25T10:00:${two(s)}.000000+0000","event_type":"dns","src_ip":"`)
        .cell("address", "src_ip")
        .raw('","dns":{"rrname":"')
        .cell("name", "dns.rrname")
        .raw('"},"fileinfo":{"filename":"')
        .cell("free", "fileinfo.filename")
        .raw('","sha256":"')
        .cell("digest", "fileinfo.sha256")
        .raw('"}}'),
  },
  json: {
    encode: json,
    row: (row, s) =>
      row
        .raw(`{"time":"2026-11-25T10:00:${two(s)}Z","who":{"from":"`)
        .cell("free", "who.from")
        .raw('","at":["')
        .cell("address", "who.at")
        .raw('"]},"note":"seen: ')
        .cell("free", "note")
        .raw(' (once)"}'),
  },
  "access-log": {
    row: (row, s) =>
      row
        .cell("address", "remote_addr")
        .raw(` - - [25/Nov/2026:10:00:${two(s)} +0000] "GET /?q=`)
        .cell("name", "request")
        .raw(' HTTP/1.1" 200 12 "')
        .cell("free", "referer")
        .raw('" "agent (')
        .cell("free", "user_agent")
        .raw(')"'),
  },
  squid: {
    row: (row, s) =>
      row
        .raw(`17640000${two(s)}.123    45 `)
        .cell("address", "client")
        .raw(" TCP_TUNNEL/200 3900 CONNECT ")
        .cell("name", "url")
        .raw(":443 - HIER_DIRECT/")
        .cell("address", "peer")
        .raw(" -"),
  },
  bind: {
    row: (row, s) =>
      row
        .raw(`25-Nov-2026 10:00:${two(s)}.000 queries: info: client @0x7f01 `)
        .cell("address", "client")
        .raw("#4711 (x.test): query: ")
        .cell("name", "query")
        .raw(" IN A +E(0)K (192.0.2.53)"),
  },
  syslog: {
    row: (row, s) =>
      row
        .raw(`Nov 25 10:00:${two(s)} mx postfix/smtpd[12]: connect from x[`)
        .cell("address", "text")
        .raw("], helo=<")
        .cell("name", "text")
        .raw(">, note: ")
        .cell("free", "text"),
  },
  csv: {
    header: "time,host,client,note\n",
    row: (row, s) =>
      row
        .raw(`2026-11-25T10:00:${two(s)}Z,`)
        .cell("name", "host")
        .raw(',"')
        .cell("address", "client")
        .raw('","he said ""')
        .cell("free", "note")
        .raw('"""'),
  },
  text: {
    row: (row) =>
      row.raw("\u00fcber ").cell("free", "text").raw(", then ").cell("address", "text").raw("; ").cell("name", "text"),
  },
  mbox: {
    header:
      "From reporter@office.test Wed Nov 25 10:00:00 2026\nFrom: reporter@office.test\nTo: desk@office.test\n" +
      "Subject: report\nDate: Wed, 25 Nov 2026 10:00:00 +0000\nMIME-Version: 1.0\n" +
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n",
    row: (row) => row.raw("> seen ").cell("free", "part.1").raw(" at ").cell("address", "part.1"),
  },
};

/** Logs of all formats that have lines. @param seed any whole number below 2³² */
export function plantLogs(seed: number, rows: number): PlantedLog[] {
  let state = seed;
  /** The linear congruential generator of Numerical Recipes §7.1. */
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const pick = (slot: Slot): Cell => {
    const lot = below(10);
    if (lot === 0) return oneOf(REAL[slot]);
    return [oneOf(lot < 6 ? DECOYS[slot] : NEUTRAL[slot])];
  };
  return Object.entries(FORMATS).map(([format, { header = "", encode = asIs, row }]) => {
    const planted: Planted[] = [];
    const lines: string[] = [];
    const before = header.split("\n").length;
    for (let i = 0; i < rows; i++) {
      const { text, found } = row(new Row(pick, encode), i);
      lines.push(text);
      planted.push(...found.map((place) => ({ line: before + i, ...place })));
    }
    return { format, text: `${header}${lines.join("\n")}\n`, planted };
  });
}
