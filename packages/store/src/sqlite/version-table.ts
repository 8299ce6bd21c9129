import { type Bytes, sha256, utf8 } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { Claim, NewVersion } from "../version-ports.ts";
import { type Database, transaction } from "./database.ts";
import type { ItemStanding } from "./item-standing.ts";
import { turn } from "../turn.ts";

/** Rows that change in one transaction: all else that the process does waits no longer than for these. */
const PIECE = 100;
/** Bytes that name an object of one author: so many of a hash that nobody finds two with the same. */
const OBJECT_BYTES = 16;

/**
 * The versions of objects, each as one author's statement claims it, and which are the newest: of the standing ones the
 * greatest version, of equal ones that of the later statement, and with it whatever states it in the very same bytes.
 * Authors never meet: what names an object has the author in it. Each change costs the same however many versions an
 * object has, but where the newest gives way.
 */
export class VersionTable {
  readonly #db: Database;
  readonly #standing: ItemStanding;
  readonly #sql: Statements;

  constructor(db: Database, standing: ItemStanding) {
    this.#db = db;
    this.#standing = standing;
    this.#sql = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)]),
    ) as unknown as Statements;
  }

  /** Within a transaction of the caller's. What is there already stays: a place in a share has one object for ever. */
  add(versions: readonly NewVersion[]): void {
    for (const { log, index, share, item, object, version, content, isRevoked } of versions) {
      this.#sql.addClaim.run(log, index, share);
      const claim = this.#sql.claim.get(share, log) as ClaimRow;
      const name = nameOf(log, object);
      const row: Row = { claim: claim.id, item, object: name, version, content };
      const revoked = isRevoked ? 1 : 0;
      const added = this.#sql.add.run(claim.id, item, name, version, index, content, revoked, claim.stands);
      if (added.changes > 0 && claim.stands === 1) this.#decide(row);
    }
  }

  /** Noted first for versions that come meanwhile; what a crash leaves half done is not settled, and done when called again. */
  async setStanding({ log, index, share }: Claim, isStanding: boolean): Promise<void> {
    const stands = isStanding ? 1 : 0;
    this.#sql.note.run(log, index, share, stands);
    const { id } = this.#sql.claim.get(share, log) as ClaimRow;
    await this.#inPieces(
      (after) => this.#sql.others.all(id, after, stands) as Row[],
      (row) => {
        this.#sql.stand.run(stands, id, row.item);
        this.#decide(row);
        this.#standing.refresh(share, row.item);
      },
    );
    this.#sql.settle.run(id);
  }

  /** Forgets the versions in a share; the statements that claimed it stand as before. */
  async remove(share: Bytes): Promise<void> {
    for (const { id } of this.#sql.claims.all(share) as ClaimRow[]) {
      await this.#inPieces(
        (after) => this.#sql.all.all(id, after) as Row[],
        (row) => {
          this.#sql.remove.run(id, row.item);
          this.#decide(row);
        },
      );
    }
  }

  /** @param next rows whose items come after this one, in their order */
  async #inPieces(next: (after: number) => readonly Row[], change: (row: Row) => void): Promise<void> {
    let after = -1;
    for (let rows = next(after); rows.length > 0; rows = next(after)) {
      transaction(this.#db, () => rows.forEach(change));
      after = rows.at(-1)?.item ?? after;
      await turn();
    }
  }

  /** Finds the newest anew, after this row has come, gone, or begun or ceased to stand. */
  #decide(row: Row): void {
    const { object } = row;
    const newest = this.#sql.newest.get(object) as State | undefined;
    const before = this.#sql.marked.get(object) as State | undefined;
    if (isSame(newest, before)) {
      if (isSame(newest, row)) this.#sql.markOne.run(row.claim, row.item);
      return;
    }
    const changed = this.#sql.unmark.all(object) as Place[];
    if (newest !== undefined) changed.push(...(this.#sql.mark.all(object, newest.version, newest.content) as Place[]));
    for (const { claim, item } of changed) {
      const { share } = this.#sql.shareOf.get(claim) as { share: Bytes };
      this.#standing.refresh(share, item);
    }
  }
}

interface ClaimRow {
  readonly id: number;
  readonly stands: 0 | 1;
}

interface Place {
  readonly claim: number;
  readonly item: number;
}

interface State {
  readonly version: string;
  readonly content: Bytes;
}

interface Row extends Place, State {
  readonly object: Bytes;
}

/** Letters of a UUID mean the same in either case (RFC 9562 §4). */
function nameOf(log: string, object: string): Bytes {
  return sha256(utf8(`${log} ${object.toLowerCase()}`)).subarray(0, OBJECT_BYTES);
}

function isSame(a: State | undefined, b: State | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.version === b.version && Buffer.compare(a.content, b.content) === 0;
}

type Statements = Readonly<Record<keyof typeof SQL, StatementSyncInstance>>;

const ROW = "SELECT claim, item, object, version, content FROM versions";

const SQL = {
  addClaim: "INSERT INTO claims (log, idx, share, stands, settled) VALUES (?, ?, ?, 0, 1) ON CONFLICT DO NOTHING",
  claim: "SELECT id, stands FROM claims WHERE share = ? AND log = ?",
  claims: "SELECT id, stands FROM claims WHERE share = ?",
  shareOf: "SELECT share FROM claims WHERE id = ?",
  note: `INSERT INTO claims (log, idx, share, stands, settled) VALUES (?, ?, ?, ?, 0)
    ON CONFLICT (share, log) DO UPDATE SET stands = excluded.stands, settled = 0`,
  settle: "UPDATE claims SET settled = 1 WHERE id = ?",
  add: `INSERT INTO versions (claim, item, object, version, idx, content, revoked, stands, newest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
  others: `${ROW} WHERE claim = ? AND item > ? AND stands <> ? ORDER BY item LIMIT ${PIECE}`,
  all: `${ROW} WHERE claim = ? AND item > ? ORDER BY item LIMIT ${PIECE}`,
  stand: "UPDATE versions SET stands = ?, newest = 0 WHERE claim = ? AND item = ?",
  remove: "DELETE FROM versions WHERE claim = ? AND item = ?",
  newest:
    "SELECT version, content FROM versions WHERE object = ? AND stands = 1 ORDER BY version DESC, idx DESC LIMIT 1",
  marked: "SELECT version, content FROM versions WHERE object = ? AND newest = 1 LIMIT 1",
  markOne: "UPDATE versions SET newest = 1 WHERE claim = ? AND item = ? AND stands = 1",
  mark: `UPDATE versions SET newest = 1 WHERE object = ? AND stands = 1 AND version = ? AND content = ?
    RETURNING claim, item`,
  unmark: "UPDATE versions SET newest = 0 WHERE object = ? AND newest = 1 RETURNING claim, item",
} as const;
