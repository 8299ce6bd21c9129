import { type Bytes, err, type Fault, ok, type Result, utf8Decode } from "@detente/basics";
import { isObject, type JsonObject, objectsOf, parseJsonDocument, textOf } from "../read/json-document.ts";
import { MAX_INDICATOR_FILE } from "../read/report.ts";
import { quote } from "../text.ts";
import { hashesOf } from "./hashes.ts";
import { secondsOf } from "./seconds.ts";
import { isUuid } from "./uuid.ts";

export type MispEventFault = Fault<"too-large" | "not-utf8" | "not-json" | "too-deep" | "not-an-event">;

/** An event of a MISP feed as far as a feed needs to know it; its attributes are read by `readIndicators`. */
export interface MispEvent {
  readonly uuid: string;
  readonly info: string;
  /** When it was last changed, in seconds since 1970, by its author's word. */
  readonly timestamp: number;
  /** MD5 of each attribute's value, or of each part of it, as `hashes.csv` of a feed has them. */
  readonly hashes: ReadonlySet<string>;
}

const MAX_INFO = 65_535;
const MAX_ATTRIBUTES = 1_000_000;

/**
 * Checks the frame of an event (MISP core format, "Event": what MUST be there) in a file that holds nothing else.
 * @param bytes `{"Event": {…}}` in UTF-8, at most 64 MiB, 100 levels and a million attributes
 */
export function readMispEvent(bytes: Bytes): Result<MispEvent, MispEventFault> {
  if (bytes.length > MAX_INDICATOR_FILE)
    return err("too-large", "the event is over 64 MiB; ask its author to split it");
  const text = utf8Decode(bytes);
  if (text === undefined) return err("not-utf8", "the event is not UTF-8");
  const document = parseJsonDocument(text);
  if (!document.ok) return document;
  const { root } = document.value;
  const event = isObject(root) ? root["Event"] : undefined;
  if (!isObject(event)) return err("not-an-event", 'the file is not of the form {"Event": {…}}');
  const { uuid, info, timestamp } = event;
  if (!isUuid(uuid)) return err("not-an-event", `Event.uuid: ${quote(textOf(uuid))} is no UUID in lower case`);
  if (typeof info !== "string" || info.length > MAX_INFO)
    return err("not-an-event", `Event.info: expected a text of at most ${MAX_INFO} characters`);
  const changed = secondsOf(timestamp);
  if (changed === undefined) return err("not-an-event", "Event.timestamp: expected seconds since 1970");
  for (const member of ["Attribute", "Object", "Tag"]) {
    const list = event[member];
    if (list !== undefined && !(Array.isArray(list) && list.every(isObject)))
      return err("not-an-event", `Event.${member}: expected a list of objects`);
  }
  const attributes = [...attributesOf(event)];
  if (attributes.length > MAX_ATTRIBUTES)
    return err("too-large", `the event has more than ${MAX_ATTRIBUTES} attributes`);
  return ok({ uuid, info, timestamp: changed, hashes: hashesOf(attributes) });
}

function* attributesOf(event: JsonObject): Generator<JsonObject> {
  for (const holder of [event, ...objectsOf(event["Object"])]) yield* objectsOf(holder["Attribute"]);
}
