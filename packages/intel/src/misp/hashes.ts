import { fileHasher, utf8 } from "@detente/basics";
import { type JsonObject, textOf } from "../read/json-document.ts";
import { isUuid } from "./uuid.ts";

const LINE = /^([0-9a-f]{32}),(.{36})$/;

/**
 * What `hashes.csv` of a feed lists of attributes, so that a value can be looked up without the events: the MD5 of the
 * value, of a composite type or a sample that of each part (as MISP and its feed generator have it).
 */
export function hashesOf(attributes: Iterable<JsonObject>): ReadonlySet<string> {
  const hashes = new Set<string>();
  for (const attribute of attributes) {
    const type = textOf(attribute["type"]);
    const value = textOf(attribute["value"]);
    const parts = type.includes("|") || type === "malware-sample" ? value.split("|") : [value];
    for (const part of parts) hashes.add(md5(part));
  }
  return hashes;
}

/** The lines of an event: `<md5>,<uuid of the event>`. */
export function hashLines(uuid: string, hashes: Iterable<string>): string {
  return Array.from(hashes, (hash) => `${hash},${uuid}\n`).join("");
}

/** The hashes of each of some events, by UUID. Lines of other events and lines that are none are passed over. */
export function readHashes(text: string, events: ReadonlySet<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const [, hash = "", uuid] = LINE.exec(line.trimEnd()) ?? [];
    if (!isUuid(uuid) || !events.has(uuid)) continue;
    const known = found.get(uuid);
    if (known === undefined) found.set(uuid, new Set([hash]));
    else known.add(hash);
  }
  return found;
}

function md5(text: string): string {
  const hasher = fileHasher();
  hasher.update(utf8(text));
  return hasher.digests().md5;
}
