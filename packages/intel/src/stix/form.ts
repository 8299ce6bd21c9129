import type { Err } from "@detente/basics";
import { isObject, type JsonObject } from "../read/json-document.ts";
import { quote } from "../text.ts";
import { faultAt, remark, type StixFault, type StixRemark } from "./fault.ts";
import { checkHashes } from "./hashes.ts";
import { typeOfId } from "./identifier.ts";
import { STRUCTURES } from "./structures.ts";
import { isTimestamp } from "./timestamp.ts";
import { ENUMERATIONS, OPEN_VOCABULARIES } from "./vocabularies.ts";

/**
 * How a property is written in the tables of this directory: a kind, for some with a parameter after a colon, then `[]`
 * for a list and `!` for a property that must be there.
 *
 * `string`, `boolean`, `timestamp`, `hex`, `binary` (base64), `id`, `name` (a–z, 0–9, hyphens), `dictionary`, `hashes`;
 * `integer:0..65535`, `float:-90..90` (either bound may be left out); `ref:a|b` (to objects of these types, of any
 * without a parameter); `enum:x` and `vocab:x` of `vocabularies.ts`; else the name of an object in `structures.ts`.
 */
export type Form = string;

type Plain<F extends Form> = F extends `${infer Inner}!` ? Inner : F;

/** What TypeScript knows of a property by its form. */
type ValueOf<F extends Form> = F extends `${infer Inner}[]`
  ? readonly ValueOf<Inner>[]
  : F extends "boolean"
    ? boolean
    : F extends `${"integer" | "float"}${string}`
      ? number
      : F extends "dictionary"
        ? JsonObject
        : F extends "hashes"
          ? Readonly<Record<string, string>>
          : F extends keyof typeof STRUCTURES
            ? ViewOf<(typeof STRUCTURES)[F]>
            : string;

/** What TypeScript knows of an object by its table. */
export type ViewOf<Table> = {
  readonly [Name in keyof Table as Table[Name] extends `${string}!` ? Name : never]: ValueOf<Plain<Table[Name] & Form>>;
} & {
  readonly [Name in keyof Table as Table[Name] extends `${string}!` ? never : Name]?: ValueOf<Table[Name] & Form>;
};

/** Where a check collects what is remarkable though allowed. */
export type Remarks = StixRemark[];
export type Flaw = Err<StixFault> | undefined;
type Check = (value: unknown, path: string, remarks: Remarks) => Flaw;

const checks = new Map<Form, Check>();
const MAX_LIST = 100_000;

/** Checks a value against a form; `path` says where the value stands. */
export function checkForm(form: Form, value: unknown, path: string, remarks: Remarks): Flaw {
  let check = checks.get(form);
  if (check === undefined) checks.set(form, (check = checkOf(form)));
  return check(value, path, remarks);
}

function isRequired(form: Form): boolean {
  return form.endsWith("!");
}

/**
 * Checks the members of an object against a table.
 * @param onUnknown what to do with a member that the table does not have
 */
export function checkMembers(
  table: Readonly<Record<string, Form>>,
  object: JsonObject,
  path: string,
  remarks: Remarks,
  onUnknown?: (name: string) => void,
): Flaw {
  const below = path === "" ? "" : `${path}.`;
  for (const name in table) {
    if (isRequired(table[name] as Form) && object[name] === undefined) {
      return faultAt("missing-property", `${below}${name}`, "is missing; add it");
    }
  }
  for (const [name, value] of Object.entries(object)) {
    if (!Object.hasOwn(table, name)) onUnknown?.(name);
    else {
      const flaw = checkForm(table[name] as Form, value, `${below}${name}`, remarks);
      if (flaw !== undefined) return flaw;
    }
  }
  return undefined;
}

function checkOf(form: Form): Check {
  if (form.endsWith("!")) return checkOf(form.slice(0, -1));
  if (form.endsWith("[]")) return checkList(checkOf(form.slice(0, -2)));
  const [kind = "", parameter = ""] = form.split(":");
  switch (kind) {
    case "string":
      return texts("a text", () => true);
    case "boolean":
      return (value, path) => (typeof value === "boolean" ? undefined : expected("true or false", path));
    case "timestamp":
      return texts("a time in UTC such as 2026-11-03T19:00:00.000Z", isTimestamp);
    case "hex":
      return texts("an even number of hexadecimal digits", (text) => /^(?:[0-9a-f]{2})*$/i.test(text));
    case "binary":
      return texts("base64 with padding", isBase64);
    case "name":
      return texts("a–z, 0–9 and hyphens", (text) => /^[a-z0-9-]{1,250}$/.test(text));
    case "id":
      return texts("TYPE--UUID", (text) => typeOfId(text) !== undefined);
    case "dictionary":
      return checkDictionary;
    case "hashes":
      return checkHashes;
    case "integer":
    case "float":
      return checkNumber(kind, parameter);
    case "ref":
      return checkRef(parameter === "" ? undefined : new Set(parameter.split("|")));
    case "enum":
    case "vocab":
      return checkWord(kind, parameter);
    default: {
      const table = STRUCTURES[kind as keyof typeof STRUCTURES];
      return (value, path, remarks) =>
        isObject(value) ? checkMembers(table, value, path, remarks) : expected("an object", path);
    }
  }
}

function texts(what: string, holds: (text: string) => boolean): Check {
  return (value, path) => (typeof value === "string" && holds(value) ? undefined : expected(what, path));
}

/** STIX 2.1 §2.10: no empty lists. */
function checkList(check: Check): Check {
  return (value, path, remarks) => {
    if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LIST) {
      return expected(`a list of 1 to ${MAX_LIST}; leave the property out if there is nothing to say`, path);
    }
    for (const [i, entry] of value.entries()) {
      const flaw = check(entry, `${path}[${i}]`, remarks);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  };
}

/** STIX 2.1 §2.3: at least one key; keys of A–Z, a–z, 0–9, hyphen, underscore. */
function checkDictionary(value: unknown, path: string): Flaw {
  if (!isObject(value)) return expected("an object", path);
  const keys = Object.keys(value);
  const bad = keys.find((key) => !/^[A-Za-z0-9_-]{1,250}$/.test(key));
  if (bad !== undefined) return expected(`keys of A–Z, a–z, 0–9, - and _ (${quote(bad)} is none)`, path);
  return keys.length > 0 ? undefined : expected("at least one key; leave the property out", path);
}

function checkNumber(kind: "integer" | "float", range: string): Check {
  const [low = "", high = ""] = range.split("..");
  const least = low === "" ? -Infinity : Number(low);
  const most = high === "" ? Infinity : Number(high);
  const bounds = range === "" ? "" : ` from ${low}${high === "" ? "" : ` to ${high}`}`;
  const what = kind === "integer" ? `a whole number${bounds}` : `a number${bounds}`;
  return (value, path) => {
    const fits = kind === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value);
    return fits && (value as number) >= least && (value as number) <= most ? undefined : expected(what, path);
  };
}

function checkRef(allowed: ReadonlySet<string> | undefined): Check {
  const what =
    allowed === undefined ? "the id of an object" : `the id of an object of type ${[...allowed].join(" or ")}`;
  return (value, path) => {
    const type = typeof value === "string" ? typeOfId(value) : undefined;
    return type !== undefined && allowed?.has(type) !== false ? undefined : expected(what, path);
  };
}

function checkWord(kind: "enum" | "vocab", name: string): Check {
  const words = (kind === "enum" ? ENUMERATIONS : OPEN_VOCABULARIES)[name] as ReadonlySet<string>;
  return (value, path, remarks) => {
    if (typeof value !== "string") return expected("a text", path);
    if (words.has(value)) return undefined;
    if (kind === "enum") {
      return faultAt("unknown-word", path, `${quote(value)} is not one of ${[...words].join(", ")}`);
    }
    remark(remarks, "open-vocabulary", path, `${quote(value)} is no word of the open vocabulary ${name}`);
    return undefined;
  };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function expected(what: string, path: string): Err<StixFault> {
  return faultAt("bad-form", path, `expected ${what}`);
}
