import type { ItemFacts } from "../item.ts";
import { parseTime } from "../time.ts";
import type { Collector, Where } from "./collector.ts";
import { isObject, type JsonDocument, type JsonObject, objectsOf, textOf } from "./json-document.ts";
import { partsOfType } from "./types.ts";

/** Whether a document is a MISP event, a list of them, or an answer of MISP's search. */
export function isMisp(root: unknown): boolean {
  return eventsOf(root).length > 0;
}

/** Reads the attributes of MISP events and of the objects in them (the MISP core format, draft-dulaunoy-misp-core-format). */
export function readMisp(document: JsonDocument, into: Collector): void {
  for (const { event, path } of eventsOf(document.root)) {
    readAttributes(event, path, document, into);
    for (const [i, object] of objectsOf(event["Object"]).entries()) {
      readAttributes(object, `${path}.Object[${i}]`, document, into);
    }
  }
}

interface Event {
  readonly event: JsonObject;
  readonly path: string;
}

function eventsOf(value: unknown, path = ""): readonly Event[] {
  if (Array.isArray(value)) return value.flatMap((inner, i) => eventsOf(inner, `${path}[${i}]`));
  if (!isObject(value)) return [];
  const below = (member: string): string => (path === "" ? member : `${path}.${member}`);
  if (isObject(value["Event"])) return [{ event: value["Event"], path: below("Event") }];
  if (value["response"] !== undefined) return eventsOf(value["response"], below("response"));
  return Array.isArray(value["Attribute"]) ? [{ event: value, path }] : [];
}

function readAttributes(holder: JsonObject, path: string, document: JsonDocument, into: Collector): void {
  for (const [i, attribute] of objectsOf(holder["Attribute"]).entries()) {
    const place = `${path === "" ? "" : `${path}.`}Attribute[${i}]`;
    readAttribute(attribute, { place, line: () => document.lineOf(attribute) }, into);
  }
}

function readAttribute(attribute: JsonObject, where: Where, into: Collector): void {
  const text = textOf(attribute["value"]);
  const type = textOf(attribute["type"]);
  if (isSet(attribute["deleted"])) return into.reject(where, text, "deleted", "the attribute was deleted in MISP");
  const parts = type === "" ? undefined : partsOfType(type);
  if (parts === undefined) {
    const reason = `attributes of type ${JSON.stringify(type.slice(0, 60))} are no indicators that can be shared`;
    return into.reject(where, text, "unsupported-type", reason);
  }
  if (attribute["to_ids"] !== undefined && !isSet(attribute["to_ids"])) {
    return into.reject(
      where,
      text,
      "not-for-detection",
      "its author did not mark it for detection; set to_ids to share it",
    );
  }
  const pieces = parts.length > 1 ? text.split("|") : [text];
  for (const [i, part] of parts.entries()) {
    if (part !== undefined) into.add(where, pieces[i] ?? "", part.allowed, factsOf(attribute));
  }
}

function factsOf(attribute: JsonObject): ItemFacts {
  return {
    labels: objectsOf(attribute["Tag"]).map((tag) => textOf(tag["name"])),
    description: textOf(attribute["comment"]),
    first: parseTime(textOf(attribute["first_seen"])),
    last: parseTime(textOf(attribute["last_seen"])),
    until: expiryOf(attribute),
    source: textOf(attribute["uuid"]),
  };
}

/** The latest of the sightings that say when an attribute expires: those of type 2, in seconds since the epoch. */
function expiryOf(attribute: JsonObject): number | undefined {
  const times = objectsOf(attribute["Sighting"])
    .filter((sighting) => textOf(sighting["type"]) === "2")
    .flatMap((sighting) => parseTime(textOf(sighting["date_sighting"])) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** MISP writes its booleans as true, "1" or 1. */
function isSet(value: unknown): boolean {
  return value === true || value === 1 || value === "1";
}
