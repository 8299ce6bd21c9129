import { type Bytes, ok, type Result, utf8Decode } from "@detente/basics";
import { isObject, type JsonObject } from "../read/json-document.ts";
import { quote } from "../text.ts";
import { checkExtensions, extensionTypes } from "./extensions.ts";
import { faultAt, remark, type StixFault, type StixRemark } from "./fault.ts";
import { checkForm, checkMembers, type Flaw, type Remarks } from "./form.ts";
import { deterministicId, typeOfId } from "./identifier.ts";
import { scanJson } from "./json-scan.ts";
import { type StixClass, type StixType, type StixViews, typeEntry } from "./registry.ts";
import { checkRules } from "./rules.ts";

/** An artifact's payload is the largest thing that an object holds; what is larger belongs behind its `url`. */
export const MAX_STIX_OBJECT: number = 8 * 1024 * 1024;
const MAX_DEPTH = 60;

/** One object as its source stated it, and what we read in it. */
export interface StixObject {
  /** The source's own bytes; whatever is passed on is these. */
  readonly bytes: Bytes;
  readonly type: string;
  readonly class: StixClass;
  /** As the source gave it. */
  readonly id: string;
  /** For observables: the id by content (`deterministicId`), which the source's id need not be. */
  readonly contentId?: string;
  /** The bytes parsed and checked, custom properties and extensions included; timestamps are texts as they stand. */
  readonly view: JsonObject;
  readonly remarks: readonly StixRemark[];
}

/** The view of an object of one type, typed; `undefined` if the object is of another type. */
export function viewOf<T extends StixType>(object: StixObject, type: T): StixViews[T] | undefined {
  return object.type === type ? (object.view as unknown as StixViews[T]) : undefined;
}

/**
 * Reads one STIX 2.1 object. What the specification requires is checked, custom properties and extensions are kept,
 * and what is merely unusual gets a remark.
 * @param bytes UTF-8 JSON, at most `MAX_STIX_OBJECT`
 */
export function readStixObject(bytes: Bytes): Result<StixObject, StixFault> {
  if (bytes.length > MAX_STIX_OBJECT) {
    const reason = `has ${bytes.length} bytes, at most ${MAX_STIX_OBJECT} may be; put large content behind a url`;
    return faultAt("too-large", "", reason);
  }
  const text = utf8Decode(bytes);
  if (text === undefined) return faultAt("not-json", "", "is not UTF-8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return faultAt("not-json", "", `is not JSON (${quote((error as Error).message)})`);
  }
  if (!isObject(value)) return faultAt("not-an-object", "", "is not a JSON object");
  const remarks: StixRemark[] = [];
  const flaw = checkText(text) ?? checkView(value, remarks);
  if (flaw !== undefined) return flaw;
  const type = value["type"] as string;
  const id = value["id"] as string;
  const kind = typeEntry(type, value).class;
  const contentId = kind === "observable" ? deterministicId(value) : undefined;
  if (contentId !== undefined && isForeign(id, contentId)) {
    const reason = `by its content the object would be ${contentId}; this id is of another namespace, or forged`;
    remark(remarks, "foreign-id", "id", reason);
  }
  return ok({ bytes, type, class: kind, id, ...(contentId !== undefined && { contentId }), view: value, remarks });
}

function checkText(text: string): Flaw {
  const flaw = scanJson(text, MAX_DEPTH);
  switch (flaw?.code) {
    case "duplicate-member":
      return faultAt(flaw.code, "", `has ${quote(flaw.name)} twice (at character ${flaw.at}); keep one`);
    case "not-i-json":
      return faultAt(flaw.code, "", `has half a surrogate pair at character ${flaw.at} (RFC 7493); correct the text`);
    case "too-deep":
      return faultAt(flaw.code, "", `is nested deeper than ${MAX_DEPTH} levels`);
    case undefined:
      return undefined;
  }
}

function checkView(value: JsonObject, remarks: Remarks): Flaw {
  const type = value["type"];
  if (type === undefined) return faultAt("missing-property", "type", "is missing; add it");
  const named = checkForm("name", type, "type", remarks);
  if (named !== undefined) return named;
  const entry = typeEntry(type as string, value);
  const flaw =
    checkVersion(value["spec_version"], entry.class) ?? checkMembers(entry.table, value, "", remarks, customTo);
  if (flaw !== undefined) return flaw;
  if (typeOfId(value["id"] as string) !== type) {
    const reason = `${quote(value["id"] as string)} does not begin with the type ${quote(type as string)}`;
    return faultAt("bad-form", "id", reason);
  }
  if (entry.class === "custom") {
    remark(remarks, "custom-object", "type", `${quote(type as string)} is no type of STIX 2.1; it is kept`);
  }
  return checkExtensions(type as string, value["extensions"], remarks) ?? checkRules(value);

  function customTo(name: string): void {
    if (!entry.isClosed || extensionTypes(value).has("toplevel-property-extension")) return;
    const path = /^[A-Za-z0-9_-]{1,60}$/.test(name) ? name : "…";
    remark(remarks, "custom-property", path, "is no property of this type in STIX 2.1; it is kept");
  }
}

/** STIX 2.1 §3.2: `spec_version` may be left out of observables only, or the object is one of STIX 2.0. */
function checkVersion(version: unknown, kind: StixClass): Flaw {
  if (version === "2.1" || (version === undefined && (kind === "observable" || kind === "custom"))) return undefined;
  const found = version === undefined ? "is missing, as in STIX 2.0" : "is not 2.1";
  return faultAt("unsupported-version", "spec_version", `${found}; convert the object to STIX 2.1`);
}

/** A name-based id (UUIDv5) that is not that of the content. Random ids (UUIDv4) claim nothing. */
function isForeign(id: string, contentId: string): boolean {
  return id.toLowerCase() !== contentId && id.at(-22) === "5";
}
