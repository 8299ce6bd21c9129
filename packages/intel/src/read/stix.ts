import type { IndicatorKind } from "@detente/record";
import type { ItemFacts } from "../item.ts";
import { parseTime } from "../time.ts";
import { parsePattern } from "../pattern/parse.ts";
import { simpleValues } from "../pattern/simple-values.ts";
import type { Collector, Where } from "./collector.ts";
import { isObject, type JsonDocument, type JsonObject, textOf } from "./json-document.ts";

const IP: readonly IndicatorKind[] = ["ipv4", "ipv6", "cidr4", "cidr6"];

/** Observables (STIX 2.1 §6) that are indicators of their own when a bundle lists them bare. */
const OBSERVABLES: Readonly<Record<string, readonly IndicatorKind[]>> = {
  "domain-name": ["domain"],
  "ipv4-addr": IP,
  "ipv6-addr": IP,
  url: ["url"],
  "email-addr": ["email"],
};

const FILE_HASHES: Readonly<Record<string, readonly IndicatorKind[]>> = {
  MD5: ["md5"],
  "SHA-1": ["sha1"],
  "SHA-256": ["sha256"],
};

/** Whether a document is a bundle, a TAXII envelope, or a bare object or array of STIX objects. */
export function isStix(root: unknown): boolean {
  if (isObject(root) && Array.isArray(root["objects"])) return true;
  const first = Array.isArray(root) ? root[0] : root;
  return isObject(first) && typeof first["id"] === "string" && first["id"].startsWith(`${textOf(first["type"])}--`);
}

/** Reads the indicators and bare observables of a STIX 2.1 document; objects of other types are counted. */
export function readStix(document: JsonDocument, into: Collector): void {
  const { root } = document;
  const wrapped = isObject(root) && Array.isArray(root["objects"]);
  const list: unknown = wrapped ? root["objects"] : Array.isArray(root) ? root : [root];
  for (const [i, value] of (list as readonly unknown[]).entries()) {
    const path = wrapped ? `objects[${i}]` : `[${i}]`;
    if (!isObject(value)) {
      into.reject({ place: path, line: () => 1 }, textOf(value), "unknown-format", "is not an object; remove it");
      continue;
    }
    readObject(value, (member) => ({ place: `${path}${member}`, line: () => document.lineOf(value) }), into);
  }
}

function readObject(value: JsonObject, at: (member: string) => Where, into: Collector): void {
  const type = textOf(value["type"]);
  const id = textOf(value["id"]);
  if (value["revoked"] === true) {
    return into.reject(at(""), id, "revoked", `${type} was revoked by its author; remove it`);
  }
  if (type === "indicator") return readIndicator(value, at, into);
  const allowed = Object.hasOwn(OBSERVABLES, type) ? OBSERVABLES[type] : undefined;
  if (allowed !== undefined) {
    into.add(at(".value"), textOf(value["value"]), allowed, factsOf(value));
    return;
  }
  if (type === "file" && isObject(value["hashes"])) return readHashes(value, value["hashes"], at, into);
  into.ignore(`objects of type ${type === "" ? "(none)" : type}`);
}

function readIndicator(value: JsonObject, at: (member: string) => Where, into: Collector): void {
  const text = textOf(value["pattern"]);
  const language = textOf(value["pattern_type"]);
  if (language !== "" && language !== "stix") {
    const reason = `the pattern is in ${JSON.stringify(language.slice(0, 40))}, only STIX patterns are read`;
    return into.reject(at(".pattern_type"), text, "unsupported-pattern", reason);
  }
  const pattern = parsePattern(text);
  const values = pattern.ok ? simpleValues(pattern.value) : pattern;
  if (!values.ok) return into.reject(at(".pattern"), text, "unsupported-pattern", values.fault.message);
  const facts = factsOf(value);
  for (const { path, text: found, allowed } of values.value) {
    if (allowed.length > 0) into.add(at(".pattern"), found, allowed, facts);
    else
      into.reject(at(".pattern"), found, "unsupported-pattern", `${path} is not an indicator kind that can be shared`);
  }
}

function readHashes(value: JsonObject, hashes: JsonObject, at: (member: string) => Where, into: Collector): void {
  for (const [algorithm, digest] of Object.entries(hashes)) {
    const allowed = Object.hasOwn(FILE_HASHES, algorithm) ? FILE_HASHES[algorithm] : undefined;
    if (allowed === undefined) into.ignore(`hashes by ${algorithm}`);
    else into.add(at(`.hashes.${algorithm}`), textOf(digest), allowed, factsOf(value));
  }
}

/** What an indicator or observable says of the values that it names. */
export function factsOf(value: JsonObject): ItemFacts {
  const strings = (member: unknown): string[] => (Array.isArray(member) ? member.map(textOf) : []);
  const confidence = value["confidence"];
  const valid = Number.isInteger(confidence) && (confidence as number) >= 0 && (confidence as number) <= 100;
  return {
    labels: [...strings(value["labels"]), ...strings(value["indicator_types"])],
    description: textOf(value["description"]) || textOf(value["name"]),
    confidence: valid ? (confidence as number) : undefined,
    first: parseTime(textOf(value["valid_from"])),
    until: parseTime(textOf(value["valid_until"])),
    source: textOf(value["id"]),
  };
}
