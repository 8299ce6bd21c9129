import { err, type Fault, ok, type Result } from "@detente/basics";

export type JsonObject = { readonly [key: string]: unknown };

/** A parsed document that can still say on which line each of its objects begins. */
export interface JsonDocument {
  readonly root: unknown;
  lineOf(object: JsonObject): number;
}

/** Deeper documents are refused before anything recurses into them; STIX and MISP stay below 20. */
const MAX_DEPTH = 100;

export function parseJsonDocument(text: string): Result<JsonDocument, Fault<"not-json" | "too-deep">> {
  if (deepest(text) > MAX_DEPTH) return err("too-deep", `the JSON is nested deeper than ${MAX_DEPTH} levels`);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return err("not-json", `the file is not JSON (${(error as Error).message}); export it again`);
  }
  let found: ReadonlyMap<JsonObject, number> | undefined;
  return ok({ root, lineOf: (object) => (found ??= objectLines(text, root)).get(object) ?? 1 });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that should be an array of objects; anything else is taken as none. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  eachBracket(text, (bracket) => {
    depth += bracket === 0x7b || bracket === 0x5b ? 1 : -1;
    most = Math.max(most, depth);
  });
  return most;
}

/**
 * Pairs the objects of a value with the lines of their opening braces: both come in document order, as JSON.parse
 * keeps the order of members. (Names that are numbers or occur twice upset the order; a line is only a help.)
 */
function objectLines(text: string, root: unknown): ReadonlyMap<JsonObject, number> {
  const braces: number[] = [];
  let line = 1;
  let counted = 0;
  eachBracket(text, (bracket, offset) => {
    if (bracket !== 0x7b) return;
    for (let at = text.indexOf("\n", counted); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
    counted = offset;
    braces.push(line);
  });
  const found = new Map<JsonObject, number>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isObject(value)) found.set(value, braces[found.size] ?? line);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(root);
  return found;
}

/** Calls back at every bracket outside strings. */
function eachBracket(text: string, visit: (bracket: number, offset: number) => void): void {
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b || unit === 0x7d || unit === 0x5b || unit === 0x5d) visit(unit, at);
  }
}
