import type { IndicatorKind } from "@detente/record";
import { STIX_PATHS } from "../export/stix-indicator.ts";
import type { Item } from "../item.ts";
import { TYPE_OF_KIND } from "../misp/attribute-type.ts";
import { Prng } from "./prng.ts";

export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

const STIX_PATH: Readonly<Record<IndicatorKind, string>> = {
  ...STIX_PATHS,
  ja3: "network-traffic:x_ja3_hash =",
  ja4: "network-traffic:x_ja4 =",
};

const MISP_TYPE: Readonly<Record<IndicatorKind, string>> = { ...TYPE_OF_KIND, ja4: "ja4" };

/** The same indicators as analysts would hand them over: a spreadsheet, a defanged list, a STIX bundle, a MISP event. */
export function generateIndicatorFiles(seed: string, items: readonly Item[]): GeneratedFile[] {
  const prng = new Prng(`files ${seed}`);
  const uuid = (): string => {
    const hex = prng.hex(32);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  return [
    { name: "indicators.csv", text: csv(items) },
    { name: "indicators.txt", text: items.map(({ kind, value }) => `${defang(kind, value)}\n`).join("") },
    { name: "bundle.json", text: `${JSON.stringify(stixBundle(items, uuid), null, 2)}\n` },
    { name: "event.json", text: `${JSON.stringify(mispEvent(items, uuid), null, 2)}\n` },
  ];
}

function csv(items: readonly Item[]): string {
  const rows = items.map((item) => [
    item.value,
    item.kind,
    item.description ?? "",
    (item.labels ?? []).filter((label) => !label.startsWith("special-use:")).join("|"),
    String(item.confidence ?? ""),
    isoTime(item.first),
    isoTime(item.last),
  ]);
  const heading = ["value", "type", "description", "labels", "confidence", "first_seen", "last_seen"];
  return [heading, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function defang(kind: IndicatorKind, value: string): string {
  if (kind === "url") return value.replace(/^http/, "hxxp").replace(/\.(?=[^/]*\/)/, "[.]");
  return kind === "domain" || kind === "ipv4" || kind === "email" ? value.replace(/\.(?=[^.]*$)/, "[.]") : value;
}

function stixBundle(items: readonly Item[], uuid: () => string): unknown {
  const objects = items.map((item) => ({
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--${uuid()}`,
    created: isoTime(item.last),
    modified: isoTime(item.last),
    name: item.description,
    indicator_types: item.labels?.filter((label) => !label.includes(":")),
    confidence: item.confidence,
    pattern: `[${STIX_PATH[item.kind]} '${item.value.replace(/['\\]/g, "\\$&")}']`,
    pattern_type: "stix",
    valid_from: isoTime(item.first),
  }));
  return { type: "bundle", id: `bundle--${uuid()}`, objects };
}

function mispEvent(items: readonly Item[], uuid: () => string): unknown {
  const Attribute = items.map((item) => ({
    uuid: uuid(),
    type: MISP_TYPE[item.kind],
    category: "Network activity",
    to_ids: true,
    value: item.value,
    comment: item.description ?? "",
    first_seen: isoTime(item.first),
    last_seen: isoTime(item.last),
    Tag: item.labels?.filter((label) => !label.startsWith("special-use:")).map((name) => ({ name })),
  }));
  return { Event: { uuid: uuid(), info: "Generated for a demonstration", Attribute } };
}

function isoTime(time: number | undefined): string {
  return time === undefined ? "" : new Date(time).toISOString();
}
