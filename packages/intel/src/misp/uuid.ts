const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUID in lower case (RFC 9562 §4): what an event's file in a feed is named by, and so nothing else may be. */
export function isUuid(text: unknown): text is string {
  return typeof text === "string" && UUID.test(text);
}
