import { type Bytes, canonicalJson, equalBytes, type Json, utf8Decode } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { AddOutcome, NewObject } from "../object-ports.ts";
import type { Database } from "./database.ts";
import { nameOfId } from "./object-id.ts";
import { microsecondText, versionKey } from "./object-time.ts";

/** Of an object without versions so many that differ are kept, each as a version by the time of its adding. */
const MAX_VARIANTS = 16;

type Insert = (collection: string, source: string, object: NewObject) => AddOutcome;

/** Puts single objects into their places, within a transaction of the caller's. */
export class ObjectInserter {
  readonly #now: () => number;
  readonly #statements: Statements;

  constructor(db: Database, now: () => number) {
    this.#now = now;
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as unknown as Statements;
  }

  /**
   * Gives `work` what inserts, and keeps each collection's clock: an object is added a microsecond after the one before
   * at least, whatever the system's clock does.
   */
  inOrder<T>(work: (insert: Insert) => T): T {
    const clocks = new Map<string, Clock>();
    const outcomes = work((collection, source, object) => {
      const clock = clocks.get(collection) ?? this.#clockOf(collection);
      clocks.set(collection, clock);
      const result = this.#insert(clock.key, source, object, clock.last + 1);
      if (result.outcome === "added") clock.last++;
      return result;
    });
    for (const { key, last } of clocks.values()) this.#statements.setClock.run(last, key);
    return outcomes;
  }

  #clockOf(collection: string): Clock {
    this.#statements.addCollection.run(collection);
    const { key, last } = this.#statements.clock.get(collection) as Clock;
    return { key, last: Math.max(last, this.#now() * 1000 - 1) };
  }

  #insert(collection: number, source: string, object: NewObject, added: number): AddOutcome {
    const { id, version, bytes } = object;
    const { newest, oldest, exact, insert, notFirst, notLast } = this.#statements;
    const { type, name } = nameOfId(id);
    const shown = version ?? microsecondText(added);
    const key = versionKey(shown);
    const last = newest.get(collection, name, type) as { version_key: string } | undefined;
    let isFirst = true;
    let isLast = true;
    if (last !== undefined) {
      const variant = version === undefined ? this.#variant(collection, object) : undefined;
      const known = variant ?? (exact.get(collection, name, type, key) as Row | undefined);
      if (known === "too-many") return { outcome: "conflict", version: shown };
      if (known !== undefined) {
        const outcome = isSame(known.bytes, bytes) ? "present" : "conflict";
        return { outcome, version: version ?? microsecondText(known.added) };
      }
      const first = oldest.get(collection, name, type) as { version_key: string };
      isFirst = key < first.version_key;
      isLast = key > last.version_key;
      if (isFirst) notFirst.run(collection, name, type, first.version_key);
      if (isLast) notLast.run(collection, name, type, last.version_key);
    }
    insert.run(added, collection, type, name, version ?? null, key, source, Number(isFirst), Number(isLast), bytes);
    return { outcome: "added", version: shown };
  }

  /** The same object without versions, if it is here. */
  #variant(collection: number, { id, bytes }: NewObject): Row | "too-many" | undefined {
    const { type, name } = nameOfId(id);
    const variants = this.#statements.variants.all(collection, name, type, MAX_VARIANTS) as Row[];
    return (
      variants.find((variant) => isSame(variant.bytes, bytes)) ??
      (variants.length < MAX_VARIANTS ? undefined : "too-many")
    );
  }
}

/** A collection's number, and when the latest of its objects was added. */
interface Clock {
  readonly key: number;
  last: number;
}

type Statements = Readonly<Record<keyof typeof SQL, StatementSyncInstance>>;

interface Row {
  readonly added: number;
  readonly bytes: Bytes;
}

const OF_OBJECT = "collection = ? AND name = ? AND type = ?";

const SQL = {
  addCollection: "INSERT INTO object_collections (id, last) VALUES (?, 0) ON CONFLICT DO NOTHING",
  clock: "SELECT key, last FROM object_collections WHERE id = ?",
  setClock: "UPDATE object_collections SET last = ? WHERE key = ?",
  newest: `SELECT version_key FROM objects WHERE ${OF_OBJECT} ORDER BY version_key DESC LIMIT 1`,
  oldest: `SELECT version_key FROM objects WHERE ${OF_OBJECT} ORDER BY version_key LIMIT 1`,
  exact: `SELECT added, bytes FROM objects WHERE ${OF_OBJECT} AND version_key = ?`,
  variants: `SELECT added, bytes FROM objects WHERE ${OF_OBJECT} LIMIT ?`,
  insert: `INSERT INTO objects (added, collection, type, name, version, version_key, source, is_first, is_last, bytes)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  notFirst: `UPDATE objects SET is_first = 0 WHERE ${OF_OBJECT} AND version_key = ?`,
  notLast: `UPDATE objects SET is_last = 0 WHERE ${OF_OBJECT} AND version_key = ?`,
} as const;

/** Whether two texts are the same JSON value, however they are written. */
function isSame(a: Bytes, b: Bytes): boolean {
  if (equalBytes(a, b)) return true;
  const [first, second] = [canonical(a), canonical(b)];
  return first !== undefined && first === second;
}

/** `undefined` for what has no canonical form: then only equal bytes are the same. */
function canonical(bytes: Bytes): string | undefined {
  try {
    return canonicalJson(JSON.parse(utf8Decode(bytes) ?? "") as Json);
  } catch {
    return undefined;
  }
}
