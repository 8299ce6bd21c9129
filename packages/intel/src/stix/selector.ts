import { isObject, type JsonObject } from "../read/json-document.ts";

/** Property names, keys of dictionaries, and list indices (STIX 2.1 §7.2.3.1): `external_references.[0].url`. */
const STEP = /^(?:\[(0|[1-9]\d{0,5})\]|[A-Za-z0-9_-]{1,250})$/;
const MAX_STEPS = 64;

/** What a selector of a granular marking selects, or `undefined` if it selects nothing that the object has. */
export function selected(object: JsonObject, selector: string): unknown {
  const steps = selector.split(".");
  if (steps.length > MAX_STEPS) return undefined;
  let value: unknown = object;
  for (const step of steps) {
    const match = STEP.exec(step);
    if (match === null) return undefined;
    const index = match[1];
    if (index !== undefined) value = Array.isArray(value) ? (value as readonly unknown[])[Number(index)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}
