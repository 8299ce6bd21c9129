import { type Bytes, compareText, err, type Fault, ok, type Result, utf8Decode } from "@detente/basics";
import { isObject, type JsonObject, parseJsonDocument } from "../read/json-document.ts";
import { MAX_INDICATOR_FILE } from "../read/report.ts";
import { quote } from "../text.ts";
import { secondsOf } from "./seconds.ts";
import { isUuid } from "./uuid.ts";

/** The list of a feed's events (MISP core format, "Manifest"). */
export interface Manifest {
  /** By the event's UUID. */
  readonly events: ReadonlyMap<string, ManifestEntry>;
  /** Entries that are none, with reasons: the first hundred. `faultCount` counts all. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

export interface ManifestEntry {
  /** When the event was last changed, in seconds since 1970. */
  readonly timestamp: number;
  /** As it stands in the manifest. */
  readonly entry: JsonObject;
}

export type ManifestFault = Fault<"too-large" | "not-utf8" | "not-json" | "too-deep" | "not-a-manifest" | "too-many">;

const MAX_EVENTS = 200_000;
const MAX_FAULTS = 100;

/**
 * Reads `manifest.json` of a feed. One bad entry spoils none of the others. A key is a part of a file's name and of an
 * address: what is no UUID in lower case is refused.
 * @param bytes at most 64 MiB, 200,000 events
 */
export function readManifest(bytes: Bytes): Result<Manifest, ManifestFault> {
  if (bytes.length > MAX_INDICATOR_FILE)
    return err("too-large", "the manifest is over 64 MiB; it is no feed that can be followed");
  const text = utf8Decode(bytes);
  if (text === undefined) return err("not-utf8", "the manifest is not UTF-8");
  const document = parseJsonDocument(text);
  if (!document.ok) return document;
  const { root } = document.value;
  // An empty feed of PHP's: it knows no difference between an empty list and an empty object.
  const entries = Array.isArray(root) && root.length === 0 ? {} : root;
  if (!isObject(entries)) return err("not-a-manifest", "the manifest is no object of events by UUID");
  const events = new Map<string, ManifestEntry>();
  const faults: string[] = [];
  let faultCount = 0;
  for (const [uuid, entry] of Object.entries(entries)) {
    const flaw = flawOf(uuid, entry);
    if (flaw !== undefined) {
      if (++faultCount <= MAX_FAULTS) faults.push(flaw);
    } else {
      if (events.size === MAX_EVENTS) return err("too-many", `the manifest names more than ${MAX_EVENTS} events`);
      events.set(uuid, { timestamp: secondsOf((entry as JsonObject)["timestamp"]) ?? 0, entry: entry as JsonObject });
    }
  }
  return ok({ events, faults, faultCount });
}

/** Entries as a manifest, in the order of UUIDs. They may be of others: not everything in them has a canonical form. */
export function manifestText(entries: Iterable<readonly [string, JsonObject]>): string {
  const sorted = [...entries].sort(([one], [other]) => compareText(one, other));
  return `${JSON.stringify(Object.fromEntries(sorted))}\n`;
}

function flawOf(uuid: string, entry: unknown): string | undefined {
  if (!isUuid(uuid)) return `${quote(uuid)} is no UUID in lower case`;
  if (!isObject(entry)) return `${uuid}: is no object`;
  return secondsOf(entry["timestamp"]) === undefined ? `${uuid}.timestamp: expected seconds since 1970` : undefined;
}
