import { canonicalIndicator } from "../canonical/canonical.ts";
import type { IndicatorKind } from "@detente/record";
import type { ItemFacts } from "../item.ts";
import { parseTime } from "../time.ts";
import type { Collector, Where } from "./collector.ts";
import { lines, type Row, rows } from "./rows.ts";
import { kindsOfType, partsOfType } from "./types.ts";

type Role = "value" | "type" | "description" | "labels" | "confidence" | "first" | "last" | "until" | "source";

/** Headings as exports of MISP, OpenCTI, abuse.ch, Zeek and people's spreadsheets have them. */
const ROLES: Readonly<Record<string, Role>> = {
  indicator: "value",
  value: "value",
  ioc: "value",
  "ioc value": "value",
  observable: "value",
  "observable value": "value",
  "indicator value": "value",
  type: "type",
  kind: "type",
  "ioc type": "type",
  "indicator type": "type",
  "observable type": "type",
  description: "description",
  comment: "description",
  notes: "description",
  note: "description",
  "meta.desc": "description",
  listingreason: "description",
  labels: "labels",
  label: "labels",
  tags: "labels",
  tag: "labels",
  "attribute tag": "labels",
  confidence: "confidence",
  "confidence level": "confidence",
  "first seen": "first",
  "first seen utc": "first",
  firstseen: "first",
  first: "first",
  "valid from": "first",
  "last seen": "last",
  "last seen utc": "last",
  lastseen: "last",
  last: "last",
  "valid until": "until",
  until: "until",
  expires: "until",
  expiry: "until",
  expiration: "until",
  "expiration date": "until",
  id: "source",
  uuid: "source",
  "ioc id": "source",
  "source id": "source",
};

interface Column {
  readonly name: string;
  readonly role: Role | undefined;
  /** For a column that is named after what it holds: `domain`, `sha256`. */
  readonly kinds: readonly IndicatorKind[] | undefined;
}

/** How a delimited file is laid out; `headerLine` 0 means that it has no heading. */
export interface Layout {
  readonly delimiter: string;
  readonly columns: readonly Column[];
  readonly headerLine: number;
}

const DELIMITERS = ["\t", ";", ","] as const;
const SAMPLE = 20;

/** Recognises a delimited file by its heading (which may stand in a comment), else by a column full of indicators. */
export function detectLayout(text: string): Layout | undefined {
  return withHeading(text) ?? withoutHeading(text);
}

export function readCsv(text: string, layout: Layout, into: Collector): void {
  for (const { name } of layout.columns.filter(({ role, kinds }) => role === undefined && kinds === undefined)) {
    into.ignore(`column ${JSON.stringify(name)}`);
  }
  for (const row of rows(text, layout.delimiter)) {
    if (row.line === layout.headerLine) continue;
    if (row.fault !== undefined) {
      const reason =
        row.fault === "line-too-long"
          ? "the record is longer than 64 KiB; cut its description"
          : "a quoted cell is not closed within 64 KiB; double the quotes inside it and close it";
      into.reject({ place: "record", line: () => row.line }, row.cells[0] ?? "", row.fault, reason);
    } else readRow(row, layout.columns, into);
  }
}

function readRow(row: Row, columns: readonly Column[], into: Collector): void {
  const cell = (role: Role): string => row.cells[columns.findIndex((column) => column.role === role)] ?? "";
  const at = (name: string): Where => ({ place: `column ${name}`, line: () => row.line });
  const type = cell("type");
  const parts = partsOfType(type);
  const facts = rowFacts(cell, at, into);
  let values = 0;
  for (const [i, column] of columns.entries()) {
    const text = row.cells[i] ?? "";
    if (text === "" || (column.role !== "value" && column.kinds === undefined)) continue;
    values++;
    if (column.kinds !== undefined) into.add(at(column.name), text, column.kinds, facts);
    else if (parts === undefined) {
      const reason = `the type ${JSON.stringify(type.slice(0, 60))} is not one of those understood; leave it empty to go by the value`;
      into.reject(at(column.name), text, "unsupported-type", reason);
    } else {
      const pieces = parts.length > 1 ? text.split("|") : [text];
      for (const [k, part] of parts.entries()) {
        if (part !== undefined) into.add(at(column.name), pieces[k] ?? "", part.allowed, facts);
      }
    }
  }
  if (values === 0) into.reject(at("value"), row.cells.join(" "), "no-value", "the row has no value; fill it in");
}

function rowFacts(cell: (role: Role) => string, at: (name: string) => Where, into: Collector): ItemFacts {
  const time = (role: "first" | "last" | "until"): number | undefined => {
    const text = cell(role);
    const parsed = text === "" ? undefined : parseTime(text);
    if (text !== "" && parsed === undefined) {
      into.remark(at(role), text, "bad-time", "is not a time such as 2026-05-01T12:00:00Z and was left out");
    }
    return parsed;
  };
  const confidence = cell("confidence");
  const known = /^(?:100|[1-9]?[0-9])$/.test(confidence);
  if (confidence !== "" && !known) {
    into.remark(at("confidence"), confidence, "bad-confidence", "is not a whole number of 0 to 100 and was left out");
  }
  return {
    description: cell("description"),
    labels: cell("labels").split(/[,;|]/),
    confidence: known ? Number(confidence) : undefined,
    first: time("first"),
    last: time("last"),
    until: time("until"),
    source: cell("source"),
  };
}

function withHeading(text: string): Layout | undefined {
  let line = 0;
  let comments = 0;
  for (const { start, end } of lines(text)) {
    line++;
    const raw = text.slice(start, Math.min(end, start + 4096)).trim();
    if (raw === "") continue;
    const comment = raw.startsWith("#");
    const heading = raw.replace(/^#fields[\t ]/, "").replace(/^[#\s]+/, "");
    for (const delimiter of DELIMITERS) {
      const cells = [...rows(heading, delimiter)][0]?.cells ?? [];
      const columns = cells.map(columnOf);
      const values = columns.filter(({ role, kinds }) => role === "value" || kinds !== undefined);
      const named = columns.filter(({ role, kinds }) => role !== undefined || kinds !== undefined);
      // A lone word in a comment is prose; a lone word on the first line of data is a heading.
      if (values.length > 0 && (comment ? named.length > 1 : true) && (cells.length > 1 || delimiter === ",")) {
        return { delimiter, columns, headerLine: comment ? 0 : line };
      }
    }
    if (!comment || ++comments > 200) return undefined;
  }
  return undefined;
}

function withoutHeading(text: string): Layout | undefined {
  for (const delimiter of DELIMITERS) {
    const sample: (readonly string[])[] = [];
    for (const row of rows(text, delimiter)) {
      if (row.fault === undefined) sample.push(row.cells);
      if (sample.length === SAMPLE) break;
    }
    const width = sample[0]?.length ?? 0;
    if (width < 2 || sample.some((cells) => cells.length !== width)) continue;
    const good = Array.from({ length: width }, (_, i) =>
      sample.every((cells) => canonicalIndicator(cells[i] ?? "").ok),
    );
    // Indicators in every column are a list with several on a line.
    if (!good.includes(true) || !good.includes(false)) continue;
    const columns = good.map((isValue, i): Column => {
      return { name: String(i + 1), role: isValue ? "value" : undefined, kinds: undefined };
    });
    return { delimiter, columns, headerLine: 0 };
  }
  return undefined;
}

function columnOf(heading: string): Column {
  const name = heading.toLowerCase().replace(/[_\s-]+/g, " ");
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  return { name: heading, role, kinds: role === undefined ? kindsOfType(heading) : undefined };
}
