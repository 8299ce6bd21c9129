import { isObject, type JsonObject } from "../read/json-document.ts";
import type { ObjectPath } from "./ast.ts";

/** A value that a path leads to; `name` is the property that holds it, whose ending tells hex and base64. */
export interface Found {
  readonly name: string;
  readonly value: unknown;
}

/**
 * The values that a path leads to from an object (STIX 2.1 §9.7): one, or with `*` any number; none where the path is
 * not present. References are followed among `objects`. Values met twice are followed once, so that references in a
 * ring cost no more than there are objects.
 */
export function valuesAt(
  path: ObjectPath,
  object: JsonObject,
  objects: ReadonlyMap<string, JsonObject>,
): readonly Found[] {
  let found: Found[] = [{ name: "", value: object }];
  for (const step of path.steps) {
    const next = new Map<unknown, Found>();
    const add = (name: string, value: unknown): void => {
      if (value !== undefined) next.set(value, { name, value });
    };
    for (const { name, value } of found) {
      if ("key" in step) {
        const holder = dereferenced(name, value, objects);
        if (isObject(holder) && Object.hasOwn(holder, step.key)) add(step.key, holder[step.key]);
      } else if (Array.isArray(value)) {
        if (step.index === "*") for (const element of value) add(name, element);
        else add(name, value[step.index]);
      }
    }
    found = [...next.values()];
  }
  return found;
}

function dereferenced(name: string, value: unknown, objects: ReadonlyMap<string, JsonObject>): unknown {
  return typeof value === "string" && /_refs?$/.test(name) ? objects.get(value) : value;
}
