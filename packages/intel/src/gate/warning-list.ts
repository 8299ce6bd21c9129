import { type Bytes, err, type Fault, ok, type Result, utf8Decode } from "@detente/basics";
import { INDICATOR_KINDS, type IndicatorKind } from "@detente/record";
import { isObject, parseJsonDocument, textOf } from "../read/json-document.ts";
import { partsOfType } from "../read/types.ts";
import { cleanText } from "../text.ts";
import { parseTime } from "../time.ts";
import { type ListType, ValueIndex } from "./value-index.ts";

/** A list of what is known and no sign of an intruder, in MISP's format. */
export interface WarningList {
  readonly name: string;
  /** The day it was made, in milliseconds since 1970; `undefined`: it does not say. */
  readonly date: number | undefined;
  /** `known`: worth knowing (a cloud's addresses), not benign by itself; MISP's `category`. */
  readonly category: "false-positive" | "known";
  /** The kinds of indicators that it speaks of. */
  readonly kinds: ReadonlySet<IndicatorKind>;
  readonly index: ValueIndex;
}

export type WarningListFault = Fault<"too-large" | "not-json" | "not-a-warning-list">;

const MAX_LIST = 64 * 1024 * 1024;
const MAX_ENTRIES = 2_000_000;
const TYPES: readonly ListType[] = ["string", "substring", "hostname", "cidr", "regex"];
const DATED_VERSION = /^(20\d{2})([01]\d)([0-3]\d)/;

/**
 * Reads a list in the format of MISP's warninglists (`list.json`): name, version, type, matching_attributes, list.
 * @param date when it was made; without it, a version that begins with a date (20260115) says so
 */
export function readWarningList(bytes: Bytes, date?: number): Result<WarningList, WarningListFault> {
  if (bytes.length > MAX_LIST) return err("too-large", "the list is over 64 MiB; split it");
  const text = utf8Decode(bytes);
  const document = text === undefined ? undefined : parseJsonDocument(text);
  if (document?.ok !== true) return err("not-json", "the list is not JSON in UTF-8; take it from its publisher again");
  const { root } = document.value;
  if (!isObject(root)) return refused("is not an object");
  const { list, name, version } = root;
  const type = TYPES.find((known) => known === root["type"]);
  if (type === undefined) return refused(`type: must be one of ${TYPES.join(", ")}`);
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_ENTRIES) {
    return refused(`list: must hold 1 to ${MAX_ENTRIES} entries`);
  }
  const entries = list.filter((entry): entry is string => typeof entry === "string" && entry !== "");
  if (entries.length < list.length) return refused("list: must hold nothing but texts");
  if (typeof name !== "string" || name === "") return refused("name: is missing");
  const index = new ValueIndex(type, entries);
  if (index.skipped === entries.length) return refused(`list: no entry is of type ${type}`);
  const day = DATED_VERSION.exec(textOf(version));
  return ok({
    name: cleanText(name, 120),
    date: date ?? (day === null ? undefined : parseTime(`${day[1]}-${day[2]}-${day[3]}`)),
    category: root["category"] === "known" ? "known" : "false-positive",
    kinds: kindsOf(root["matching_attributes"]),
    index,
  });
}

/** The kinds of MISP's attribute types; of all kinds where the list names none. */
function kindsOf(attributes: unknown): ReadonlySet<IndicatorKind> {
  if (!Array.isArray(attributes) || attributes.length === 0) return new Set(INDICATOR_KINDS);
  const parts = attributes.flatMap((type) => partsOfType(textOf(type)) ?? []);
  return new Set(parts.flatMap((part) => (part === undefined ? [] : (part.allowed ?? INDICATOR_KINDS))));
}

function refused(reason: string): Result<never, WarningListFault> {
  return err("not-a-warning-list", `the list ${reason}; see MISP's warninglists for the format`);
}
