import type { Bytes } from "@detente/basics";
import { type Database, openRebuildable, transaction } from "./database.ts";

const VERSION = 1;
const SCHEMA = `
  CREATE TABLE bodies (digest BLOB PRIMARY KEY, pack INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE TABLE position (pack INTEGER NOT NULL, offset INTEGER NOT NULL);
  INSERT INTO position VALUES (0, 0)`;

/** Where a body lies: `offset` and `length` are those of the body's bytes in the pack. */
export interface Location {
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
}

/** How far the packs have been indexed. */
export interface Position {
  readonly pack: number;
  readonly offset: number;
}

/** Finds bodies in packs by digest. Can be made again from the packs, so losing it costs time only. */
export class BodyIndex {
  readonly #db: Database;
  readonly #locate: ReturnType<Database["prepare"]>;

  constructor(path: string) {
    this.#db = openRebuildable(path, VERSION, SCHEMA).db;
    this.#locate = this.#db.prepare("SELECT pack, offset, length FROM bodies WHERE digest = ?");
  }

  get(digest: Bytes): Location | undefined {
    return this.#locate.get(digest) as Location | undefined;
  }

  position(): Position {
    return this.#db.prepare("SELECT pack, offset FROM position").get() as Position;
  }

  add(bodies: readonly (Location & { readonly digest: Bytes })[], position: Position): void {
    transaction(this.#db, () => {
      const insert = this.#db.prepare("INSERT OR IGNORE INTO bodies VALUES (?, ?, ?, ?)");
      for (const { digest, pack, offset, length } of bodies) insert.run(digest, pack, offset, length);
      this.#db.prepare("UPDATE position SET pack = ?, offset = ?").run(position.pack, position.offset);
    });
  }

  clear(): void {
    transaction(this.#db, () => this.#db.exec("DELETE FROM bodies; UPDATE position SET pack = 0, offset = 0"));
  }

  close(): void {
    this.#db.close();
  }
}
