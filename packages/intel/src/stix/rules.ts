import { type JsonObject, objectsOf } from "../read/json-document.ts";
import { quote } from "../text.ts";
import { COMMON } from "./common.ts";
import { faultAt } from "./fault.ts";
import type { Flaw } from "./form.ts";
import { typeOfId } from "./identifier.ts";
import { selected } from "./selector.ts";
import { compareTimestamps } from "./timestamp.ts";

type Rule = (object: JsonObject) => Flaw;

const broken = (path: string, reason: string): Flaw => faultAt("broken-rule", path, reason);
const has = (object: JsonObject, name: string): boolean => object[name] !== undefined;

function oneOf(...names: readonly string[]): Rule {
  return (object) =>
    names.some((name) => has(object, name))
      ? undefined
      : broken(names[0] as string, `one of ${names.join(", ")} must be there`);
}

function notBoth(a: string, b: string): Rule {
  return (object) =>
    has(object, a) && has(object, b) ? broken(b, `must not stand beside ${a}; remove one`) : undefined;
}

function needs(name: string, ...others: readonly string[]): Rule {
  return (object) => {
    const missing = others.find((other) => has(object, name) && !has(object, other));
    return missing === undefined ? undefined : broken(name, `must not stand without ${missing}`);
  };
}

/** The later of two times must not be before (`strictly`: nor at) the earlier one, where both are there. */
function ordered(earlier: string, later: string, strictly = false): Rule {
  return (object) => {
    const from = object[earlier];
    const to = object[later];
    if (typeof from !== "string" || typeof to !== "string") return undefined;
    const order = compareTimestamps(from, to);
    if (order < 0 || (order === 0 && !strictly)) return undefined;
    return broken(later, `${to} is ${order === 0 ? "not after" : "before"} ${earlier} (${from}); correct one`);
  };
}

const OF_ALL = new Set(Object.keys(COMMON.observable).filter((name) => name !== "extensions"));

/** For types none of whose own properties is required, though one of them must be there. */
function ownProperty(object: JsonObject): Flaw {
  const isNamed = Object.keys(object).some((name) => !OF_ALL.has(name));
  return isNamed ? undefined : broken("", `a ${object["type"] as string} must have a property of its own; add one`);
}

function refersTo(name: string, ...unfit: readonly string[]): Rule {
  return (object) => {
    const type = typeOfId(object[name] as string) as string;
    return unfit.includes(type) ? broken(name, `must not refer to a ${type}`) : undefined;
  };
}

const SEEN = ordered("first_seen", "last_seen");
const NOT_DOMAIN_OR_OBSERVABLE = [
  "relationship",
  "sighting",
  "bundle",
  "marking-definition",
  "language-content",
  "extension-definition",
];

/** What tables cannot say: rules among the properties of an object (STIX 2.1 §4 to §7, under each type). */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  artifact: [
    oneOf("payload_bin", "url"),
    notBoth("payload_bin", "url"),
    needs("url", "hashes"),
    needs("decryption_key", "encryption_algorithm"),
  ],
  campaign: [SEEN],
  "email-message": [
    (object) =>
      object["is_multipart"] === true && has(object, "body")
        ? broken("body", "must not be there where is_multipart is true; use body_multipart")
        : undefined,
    (object) =>
      object["is_multipart"] === false && has(object, "body_multipart")
        ? broken("body_multipart", "must not be there where is_multipart is false; use body")
        : undefined,
  ],
  file: [oneOf("hashes", "name")],
  indicator: [ordered("valid_from", "valid_until", true)],
  infrastructure: [SEEN],
  "intrusion-set": [SEEN],
  location: [
    needs("latitude", "longitude"),
    needs("longitude", "latitude"),
    needs("precision", "latitude"),
    oneOf("region", "country", "latitude"),
  ],
  malware: [
    SEEN,
    (object) =>
      object["is_family"] === true && !has(object, "name") ? broken("name", "a family must have one") : undefined,
  ],
  "malware-analysis": [oneOf("result", "analysis_sco_refs"), ordered("analysis_started", "analysis_ended")],
  "marking-definition": [
    oneOf("definition", "extensions"),
    needs("definition", "definition_type"),
    needs("definition_type", "definition"),
  ],
  "network-traffic": [
    oneOf("src_ref", "dst_ref"),
    ordered("start", "end"),
    (object) =>
      object["is_active"] === true && has(object, "end")
        ? broken("end", "must not be there while is_active is true")
        : undefined,
  ],
  "observed-data": [
    ordered("first_observed", "last_observed"),
    oneOf("object_refs", "objects"),
    notBoth("object_refs", "objects"),
  ],
  process: [ownProperty],
  relationship: [
    refersTo("source_ref", ...NOT_DOMAIN_OR_OBSERVABLE),
    refersTo("target_ref", ...NOT_DOMAIN_OR_OBSERVABLE),
    ordered("start_time", "stop_time", true),
  ],
  sighting: [SEEN],
  "threat-actor": [SEEN],
  "user-account": [ownProperty],
  "windows-registry-key": [ownProperty],
  "x509-certificate": [ownProperty],
};

/** The rules of a type, then those of all objects. What the tables demand must have been checked before. */
export function checkRules(object: JsonObject): Flaw {
  const type = object["type"] as string;
  const rules = Object.hasOwn(RULES, type) ? (RULES[type] as readonly Rule[]) : [];
  for (const rule of [...rules, ordered("created", "modified"), checkReferences, checkGranularMarkings]) {
    const flaw = rule(object);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

/** STIX 2.1 §2.5.1. */
function checkReferences(object: JsonObject): Flaw {
  for (const [i, reference] of objectsOf(object["external_references"]).entries()) {
    const flaw = oneOf("description", "url", "external_id")(reference);
    if (flaw !== undefined) return broken(`external_references[${i}]`, "needs a description, a url or an external_id");
  }
  return undefined;
}

/** STIX 2.1 §7.2.3: either a language or a marking, and each selector selects something. */
function checkGranularMarkings(object: JsonObject): Flaw {
  for (const [i, marking] of objectsOf(object["granular_markings"]).entries()) {
    const path = `granular_markings[${i}]`;
    if (has(marking, "lang") === has(marking, "marking_ref")) {
      return broken(path, "must have either lang or marking_ref; remove one or split it in two");
    }
    for (const [n, selector] of (marking["selectors"] as readonly string[]).entries()) {
      if (selected(object, selector) === undefined) {
        return broken(`${path}.selectors[${n}]`, `${quote(selector)} selects nothing in this object; correct it`);
      }
    }
  }
  if (object["type"] !== "marking-definition") return undefined;
  const circular = (object["object_marking_refs"] as readonly string[] | undefined)?.includes(object["id"] as string);
  return circular === true ? broken("object_marking_refs", "must not refer to the marking itself") : undefined;
}
