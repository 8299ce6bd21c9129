import { type Bytes, err, type Fault, ok, type Result, utf8Decode } from "@detente/basics";

/** What an exchange needs to know of a STIX object; everything else in it is kept as it stands. */
export interface CheckedObject {
  /** `type--uuid`. */
  readonly id: string;
  readonly type: string;
  /** `modified`, else `created`, in the digits of its source; `undefined` for an object that has neither. */
  readonly version: string | undefined;
  /** `2.1`, or another version of STIX. */
  readonly specVersion: string;
}

/** Checks one object, from its bytes. The fault's message is for whoever sent it. */
export type CheckObject = (bytes: Bytes) => Result<CheckedObject>;

const MAX_OBJECT: number = 8 * 1024 * 1024;
const MAX_DEPTH = 60;
const ID = /^([a-z0-9](?:-?[a-z0-9])*)--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_TYPE = 250;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,30})?Z$/;

/** The types of observables (STIX 2.1 §6): of an object of these, no `spec_version` means 2.1, of others 2.0 (§3.1). */
const OBSERVABLES: ReadonlySet<string> = new Set([
  "artifact",
  "autonomous-system",
  "directory",
  "domain-name",
  "email-addr",
  "email-message",
  "file",
  "ipv4-addr",
  "ipv6-addr",
  "mac-addr",
  "mutex",
  "network-traffic",
  "process",
  "software",
  "url",
  "user-account",
  "windows-registry-key",
  "x509-certificate",
]);

/** The least that an object must be to be kept in a collection: named, dated and within limits. */
export function checkObject(bytes: Bytes): Result<CheckedObject, Fault<"not-an-object">> {
  if (bytes.length > MAX_OBJECT) return refused(`has ${bytes.length} bytes, at most ${MAX_OBJECT} are taken`);
  const text = utf8Decode(bytes);
  if (text === undefined) return refused("is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refused("is not a JSON object");
  if (isDeeper(value, MAX_DEPTH)) return refused(`is nested deeper than ${MAX_DEPTH} levels`);
  const { type, id, spec_version: spec, created, modified } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || id.length > MAX_TYPE + 38) return refused("has no id; STIX ids are type--uuid");
  const named = ID.exec(id)?.[1];
  if (named === undefined || named.length < 3) return refused("has an id that is not of the form type--uuid");
  if (named !== type) return refused("has an id that begins with another type than its own");
  if (type === "bundle") return refused("is a bundle; send its objects");
  for (const [name, time] of Object.entries({ created, modified })) {
    if (time !== undefined && !isTimestamp(time))
      return refused(`${name}: is not a timestamp such as 2026-11-26T01:02:03Z`);
  }
  const specVersion = spec ?? (OBSERVABLES.has(type) ? "2.1" : "2.0");
  if (typeof specVersion !== "string") return refused("spec_version: is not a text");
  return ok({ id, type, version: (modified ?? created) as string | undefined, specVersion });
}

/** RFC 3339 in UTC (STIX 2.1 §2.16), of a day that exists. */
export function isTimestamp(value: unknown): value is string {
  if (typeof value !== "string" || !TIMESTAMP.test(value)) return false;
  const at = new Date(`${value.slice(0, 19)}Z`);
  // A day that its month does not have becomes one of the next.
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(value.slice(8, 10));
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

function refused(why: string): Result<never, Fault<"not-an-object">> {
  return err("not-an-object", why);
}
