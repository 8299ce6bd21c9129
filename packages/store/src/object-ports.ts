import type { Bytes, Json, Result } from "@detente/basics";
import type { StorageFault } from "./faults.ts";

/** An object for a collection, in the bytes in which its source stated it. */
export interface NewObject {
  /** `type--uuid`. */
  readonly id: string;
  /** RFC 3339 in UTC, in its source's digits; without one the time of adding counts. */
  readonly version?: string;
  readonly bytes: Bytes;
}

/**
 * What became of an object: `present` if the very same was here already, `conflict` if another one is here under its
 * id and version. Nothing is ever overwritten.
 */
export interface AddOutcome {
  readonly outcome: "added" | "present" | "conflict";
  /** As stated, or the time of adding. */
  readonly version: string;
}

export interface ObjectEntry {
  readonly id: string;
  /** As stated, or the time of adding. */
  readonly version: string;
  /** Microseconds since 1970: unique within the collection, and greater than that of all that was there before. */
  readonly added: number;
}

export interface StoredObject extends ObjectEntry {
  /** Who brought it. */
  readonly source: string;
  readonly bytes: Bytes;
}

/** `all`, or any of these: the oldest or newest version of each object, or a timestamp. */
export type VersionMatch = "all" | readonly string[];

export interface ObjectQuery {
  /** Added later than this (microseconds since 1970). */
  readonly after?: number;
  readonly ids?: readonly string[];
  readonly types?: readonly string[];
  readonly versions: VersionMatch;
  /** At least 1. */
  readonly limit: number;
  /** A page of objects ends before it is larger than this, but holds one at least. */
  readonly maxBytes?: number;
}

/** In the order of adding. */
export interface ObjectPage<T> {
  readonly rows: readonly T[];
  /** Whether there is more after the last row, exactly. */
  readonly more: boolean;
}

export interface ObjectWriter {
  /** Adds what is new; durable once it resolves. The outcomes are in the order of the objects. */
  add(collection: string, source: string, objects: readonly NewObject[]): Promise<Result<AddOutcome[], StorageFault>>;
  /** Deletes objects in all their versions, many at once. Gives how many there were. */
  removeAll(collection: string, ids: readonly string[]): Promise<Result<number, StorageFault>>;
  /** Deletes these versions of an object. Gives how many there were. */
  remove(collection: string, id: string, versions: VersionMatch): Promise<Result<number, StorageFault>>;
  /** Deletes all that a source has added; of a large collection in pieces. Gives how many there were. */
  removeOf(collection: string, source: string): Promise<Result<number, StorageFault>>;
}

export interface ObjectReader {
  objects(collection: string, query: ObjectQuery): Promise<ObjectPage<StoredObject>>;
  entries(collection: string, query: ObjectQuery): Promise<ObjectPage<ObjectEntry>>;
  /** Which sources have added any version of these objects, by id; one that is not there has no entry. */
  sources(collection: string, ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Whether the collection holds any version of the object. */
  has(collection: string, id: string): Promise<boolean>;
}

/** What became of requests, for those who made them, for a time. */
export interface Receipts {
  /** @param now milliseconds since 1970; receipts that are over by then are forgotten */
  put(receipt: Receipt, now: number): Promise<Result<void, StorageFault>>;
  /** Only its owner's. */
  get(id: string, owner: string, now: number): Promise<Json | undefined>;
}

export interface Receipt {
  readonly id: string;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  readonly content: Json;
}
