import { canonicalJson, compareText, type Json } from "@detente/basics";
import { isObject, type JsonObject } from "../read/json-document.ts";
import { uuid5 } from "../uuid.ts";

/** STIX 2.1 §2.9: a type, two hyphens, an RFC 4122 UUID of any version. */
const ID =
  /^([a-z][a-z0-9-]{1,248}[a-z0-9])--[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The namespace of the deterministic ids of observables (STIX 2.1 §2.9). */
const NAMESPACE = "00abedb4-aa42-466c-9c01-fed23315a9b7";

/** The ID-contributing properties of each observable (STIX 2.1 §6); `process` has none. */
const CONTRIBUTING: Readonly<Record<string, readonly string[]>> = {
  artifact: ["hashes", "payload_bin"],
  "autonomous-system": ["number"],
  directory: ["path"],
  "domain-name": ["value"],
  "email-addr": ["value"],
  "email-message": ["from_ref", "subject", "body"],
  file: ["hashes", "name", "parent_directory_ref", "extensions"],
  "ipv4-addr": ["value"],
  "ipv6-addr": ["value"],
  "mac-addr": ["value"],
  mutex: ["name"],
  "network-traffic": ["start", "end", "src_ref", "dst_ref", "src_port", "dst_port", "protocols", "extensions"],
  software: ["name", "cpe", "swid", "vendor", "version"],
  url: ["value"],
  "user-account": ["account_type", "user_id", "account_login"],
  "windows-registry-key": ["key", "values"],
  "x509-certificate": ["hashes", "serial_number"],
};

/** Of several hashes one contributes: the first of these, else the first name in order (STIX 2.1 §2.9). */
const PREFERRED_HASHES = ["MD5", "SHA-1", "SHA-256", "SHA-512"];

/** The type that an id names, or `undefined` for what is no STIX id. */
export function typeOfId(id: string): string | undefined {
  const type = ID.exec(id)?.[1];
  return type === undefined || type !== type.toLowerCase() ? undefined : type;
}

/**
 * The id that an observable has by its content: UUIDv5 over the canonical JSON (RFC 8785) of its contributing
 * properties (STIX 2.1 §2.9), whatever id its source gave it. `undefined` for types without such properties, and where
 * none is present.
 */
export function deterministicId(object: JsonObject): string | undefined {
  const type = object["type"] as string;
  const names = Object.hasOwn(CONTRIBUTING, type) ? (CONTRIBUTING[type] as readonly string[]) : [];
  const content: Record<string, Json> = {};
  for (const name of names) {
    const value = object[name];
    if (value !== undefined) content[name] = (name === "hashes" ? oneHash(value) : value) as Json;
  }
  return Object.keys(content).length === 0 ? undefined : `${type}--${uuid5(NAMESPACE, canonicalJson(content))}`;
}

function oneHash(hashes: unknown): unknown {
  if (!isObject(hashes)) return hashes;
  const name =
    PREFERRED_HASHES.find((preferred) => Object.hasOwn(hashes, preferred)) ??
    Object.keys(hashes).toSorted(compareText)[0];
  return name === undefined ? {} : { [name]: hashes[name] };
}
