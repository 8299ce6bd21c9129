import { isObject, type JsonObject } from "../read/json-document.ts";
import { cleanText, quote } from "../text.ts";
import { faultAt, remark } from "./fault.ts";
import { checkForm, checkMembers, type Flaw, type Form, type Remarks } from "./form.ts";
import { typeOfId } from "./identifier.ts";
import { PREDEFINED_EXTENSIONS } from "./structures.ts";

type Tables = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Form>>>>>>;

/**
 * Checks `extensions` (STIX 2.1 §3.2 and §7.3): predefined ones against their tables, those with a definition as far
 * as their `extension_type` goes. All others are kept with a remark.
 */
export function checkExtensions(type: string, extensions: unknown, remarks: Remarks): Flaw {
  if (!isObject(extensions)) return undefined;
  const tables = Object.hasOwn(PREDEFINED_EXTENSIONS, type) ? ((PREDEFINED_EXTENSIONS as Tables)[type] ?? {}) : {};
  for (const [name, extension] of Object.entries(extensions)) {
    const path = `extensions.${cleanText(name, 80)}`;
    if (!isObject(extension)) return faultAt("bad-form", path, "expected an object");
    const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
    const flaw =
      table !== undefined
        ? checkPredefined(table, extension, path, remarks)
        : checkDefined(name, extension, path, remarks);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function checkPredefined(
  table: Readonly<Record<string, Form>>,
  extension: Readonly<Record<string, unknown>>,
  path: string,
  remarks: Remarks,
): Flaw {
  if (Object.keys(extension).length === 0) return faultAt("broken-rule", path, "is empty; leave it out");
  return checkMembers(table, extension, path, remarks, (name) =>
    remark(remarks, "custom-property", path, `${quote(name)} is no property of it; it is kept`),
  );
}

function checkDefined(
  name: string,
  extension: Readonly<Record<string, unknown>>,
  path: string,
  remarks: Remarks,
): Flaw {
  const type = extension["extension_type"];
  if (typeOfId(name) === "extension-definition") {
    // `extension_type` may be absent from extensions of 2.1 drafts; the definition says it then.
    return type === undefined ? undefined : checkForm("enum:extension-type", type, `${path}.extension_type`, remarks);
  }
  remark(remarks, "unknown-extension", path, "is no extension of STIX 2.1; it is kept");
  return undefined;
}

/** What the extensions of an object say that they are: `new-sco`, `toplevel-property-extension`, … (STIX 2.1 §7.3). */
export function extensionTypes(object: JsonObject): ReadonlySet<string> {
  const extensions = object["extensions"];
  const types = new Set<string>();
  if (!isObject(extensions)) return types;
  for (const extension of Object.values(extensions)) {
    const type = isObject(extension) ? extension["extension_type"] : undefined;
    if (typeof type === "string") types.add(type);
  }
  return types;
}
