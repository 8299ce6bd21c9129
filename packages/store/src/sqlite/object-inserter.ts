import { type Bytes, canonicalJson, equalBytes, type Json, utf8Decode } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { AddOutcome, NewObject } from "../object-ports.ts";
import type { Database } from "./database.ts";
import { microsecondText, versionKey } from "./object-time.ts";

/** Of an object without versions so many that differ are kept, each as a version by the time of its adding. */
const MAX_VARIANTS = 16;

type Insert = (collection: string, source: string, object: NewObject) => AddOutcome;

/** Puts single objects into their places, within a transaction of the caller's. */
export class ObjectInserter {
  readonly #now: () => number;
  readonly #statements: Statements;
  readonly #keys = new Map<string, number>();

  constructor(db: Database, now: () => number) {
    this.#now = now;
    this.#statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as unknown as Statements;
  }

  /**
   * Gives `work` what inserts, and keeps the clock: each object is added a microsecond after the one before at least,
   * whatever the system's clock does.
   */
  inOrder<T>(work: (insert: Insert) => T): T {
    const { clock, setClock } = this.#statements;
    const { last } = clock.get() as { last: number };
    const start = Math.max(last, this.#now() * 1000 - 1);
    let added = start;
    const outcomes = work((collection, source, object) => {
      const result = this.#insert(this.#keyOf(collection), source, object, added + 1);
      if (result.outcome === "added") added++;
      return result;
    });
    if (added > start) setClock.run(added);
    return outcomes;
  }

  #insert(collection: number, source: string, object: NewObject, added: number): AddOutcome {
    const { id, version, bytes } = object;
    const { newest, oldest, exact, insert, notFirst, notLast } = this.#statements;
    const shown = version ?? microsecondText(added);
    const key = versionKey(shown);
    const last = newest.get(collection, id) as { version_key: string } | undefined;
    let isFirst = true;
    let isLast = true;
    if (last !== undefined) {
      const known =
        version === undefined ? this.#variant(collection, object) : (exact.get(collection, id, key) as Row | undefined);
      if (known === "too-many") return { outcome: "conflict", version: shown };
      if (known !== undefined) {
        const outcome = isSame(known.bytes, bytes) ? "present" : "conflict";
        return { outcome, version: version ?? microsecondText(known.added) };
      }
      const first = oldest.get(collection, id) as { version_key: string };
      isFirst = key < first.version_key;
      isLast = key > last.version_key;
      if (isFirst) notFirst.run(collection, id, first.version_key);
      if (isLast) notLast.run(collection, id, last.version_key);
    }
    const type = id.slice(0, id.indexOf("--"));
    insert.run(added, collection, id, type, version ?? null, key, source, Number(isFirst), Number(isLast), bytes);
    return { outcome: "added", version: shown };
  }

  /** The same object without versions, if it is here. */
  #variant(collection: number, { id, bytes }: NewObject): Row | "too-many" | undefined {
    const variants = this.#statements.variants.all(collection, id, MAX_VARIANTS) as Row[];
    return (
      variants.find((variant) => isSame(variant.bytes, bytes)) ??
      (variants.length < MAX_VARIANTS ? undefined : "too-many")
    );
  }

  #keyOf(collection: string): number {
    const known = this.#keys.get(collection);
    if (known !== undefined) return known;
    const { addCollection, collectionKey } = this.#statements;
    addCollection.run(collection);
    const { key } = collectionKey.get(collection) as { key: number };
    return key;
  }
}

type Statements = Readonly<Record<keyof typeof SQL, StatementSyncInstance>>;

interface Row {
  readonly added: number;
  readonly bytes: Bytes;
}

const SQL = {
  clock: "SELECT last FROM object_clock",
  setClock: "UPDATE object_clock SET last = ?",
  newest: "SELECT version_key FROM objects WHERE collection = ? AND id = ? ORDER BY version_key DESC LIMIT 1",
  oldest: "SELECT version_key FROM objects WHERE collection = ? AND id = ? ORDER BY version_key LIMIT 1",
  exact: "SELECT added, bytes FROM objects WHERE collection = ? AND id = ? AND version_key = ?",
  variants: "SELECT added, bytes FROM objects WHERE collection = ? AND id = ? LIMIT ?",
  insert: "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  notFirst: "UPDATE objects SET is_first = 0 WHERE collection = ? AND id = ? AND version_key = ?",
  notLast: "UPDATE objects SET is_last = 0 WHERE collection = ? AND id = ? AND version_key = ?",
  addCollection: "INSERT INTO object_collections (id) VALUES (?) ON CONFLICT DO NOTHING",
  collectionKey: "SELECT key FROM object_collections WHERE id = ?",
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
