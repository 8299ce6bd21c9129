import type { Bytes } from "@detente/basics";
import type { Claim, KnownClaim, ReplacedItem, VersionReader } from "../version-ports.ts";
import type { Database } from "./database.ts";
import { checkedLimit } from "./index-reader.ts";
import type { ItemStanding } from "./item-standing.ts";

export class SqliteVersionReader implements VersionReader {
  readonly #db: Database;
  readonly #standing: ItemStanding;

  constructor(db: Database, standing: ItemStanding) {
    this.#db = db;
    this.#standing = standing;
  }

  async claims(): Promise<KnownClaim[]> {
    const rows = this.#db.prepare('SELECT log, idx AS "index", share, stands, settled FROM claims').all();
    return (rows as unknown as (Claim & { stands: number; settled: number })[]).map(
      ({ log, index, share, stands, settled }) => ({
        log,
        index,
        share,
        isStanding: settled === 1 ? stands === 1 : undefined,
      }),
    );
  }

  async replacedItems(share: Bytes, from: number, limit: number): Promise<ReplacedItem[]> {
    const replaced = this.#db
      .prepare(
        `SELECT v.item, v.object FROM versions AS v WHERE v.claim = (SELECT id FROM claims WHERE share = ?)
         AND v.item >= ? AND v.stands = 1 AND v.newest = 0 ORDER BY v.item LIMIT ?`,
      )
      .all(share, from, checkedLimit(limit)) as { item: number; object: Bytes }[];
    const newest = this.#db.prepare(
      `SELECT c.share, v.item, v.version, v.revoked FROM versions AS v JOIN claims AS c ON c.id = v.claim
       WHERE v.object = ? AND v.stands = 1 ORDER BY v.version DESC, v.idx DESC LIMIT 1`,
    );
    return replaced.map(({ item, object }) => {
      const { revoked, ...by } = newest.get(object) as { share: Bytes; item: number; version: string; revoked: 0 | 1 };
      return { item, by: { ...by, isRevoked: revoked === 1 } };
    });
  }

  revision(): number {
    return this.#standing.revision;
  }
}
