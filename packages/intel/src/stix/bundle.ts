import { type Bytes, err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import { isObject } from "../read/json-document.ts";
import { quote } from "../text.ts";
import type { StixFault } from "./fault.ts";
import { typeOfId } from "./identifier.ts";
import { entriesAt } from "./json-scan.ts";
import { readStixObject, type StixObject } from "./object.ts";

/** 64 MiB, as for every file of indicators. */
export const MAX_STIX_BUNDLE: number = 64 * 1024 * 1024;

export type BundleFault = Fault<"not-json" | "too-large" | "not-a-bundle">;

/** A bundle (STIX 2.1 §8), a TAXII envelope or a bare list, taken apart. */
export interface StixBundle {
  /** The bundle's id, which means nothing beyond the bundle; envelopes and lists have none. */
  readonly id?: string;
  /** In order; a bad one spoils none of the others. */
  readonly objects: readonly Result<StixObject, StixFault>[];
}

/**
 * Takes a bundle apart into its objects, each with the very bytes that it has there.
 * @param bytes UTF-8 JSON: a bundle, an envelope `{"objects": […]}`, or a list of objects
 */
export function readStixBundle(bytes: Bytes): Result<StixBundle, BundleFault> {
  if (bytes.length > MAX_STIX_BUNDLE) return err("too-large", "the bundle is over 64 MiB; split it");
  const text = utf8Decode(bytes);
  if (text === undefined) return err("not-json", "the bundle is not UTF-8");
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    return err("not-json", `the bundle is not JSON (${quote((error as Error).message)})`);
  }
  const start = text.search(/\S/);
  if (Array.isArray(root)) return ok({ objects: objectsAt(text, start) });
  if (!isObject(root)) return err("not-a-bundle", "the JSON is neither a bundle nor a list of objects");
  const { type, id, objects } = root;
  if (type === "bundle" && (typeof id !== "string" || typeOfId(id) !== "bundle")) {
    return err("not-a-bundle", "id: a bundle has an id of the form bundle--UUID; correct it");
  }
  const lists = entriesAt(text, start).filter(({ name }) => name === "objects");
  if (lists.length > 1) return err("not-a-bundle", "objects: stands twice; readers would differ about it, keep one");
  const [list] = lists;
  if (list === undefined) {
    return type === "bundle"
      ? ok({ id: id as string, objects: [] })
      : err("not-a-bundle", "objects: is missing; add the list");
  }
  if (!Array.isArray(objects)) return err("not-a-bundle", "objects: is not a list; correct it");
  return ok({ ...(type === "bundle" && { id: id as string }), objects: objectsAt(text, list.start) });
}

function objectsAt(text: string, start: number): Result<StixObject, StixFault>[] {
  return entriesAt(text, start).map((entry) => readStixObject(utf8(text.slice(entry.start, entry.end))));
}
