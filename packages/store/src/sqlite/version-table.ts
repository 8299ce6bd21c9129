import { type Bytes, equalBytes, sha256, utf8 } from "@detente/basics";
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
 * Of statements of one version the latest that are looked at. An author may state one version in any number of contents,
 * each statement another one than the last: a change costs no more for that.
 * @internal
 */
export const TIES = 16;

/**
 * The versions of objects, each as one author's statement claims it, and which are the newest: of the standing ones the
 * greatest version, of equal ones that of the latest statement, and with it whatever states it in the very same bytes
 * among the `TIES` latest. Authors never meet: what names an object has the author in it. Each change costs the same
 * however many versions an object has, and however many of them are equal.
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
      const claim = this.#sql.claim.get(share) as ClaimRow;
      const name = nameOf(log, object);
      const revoked = isRevoked ? 1 : 0;
      const added = this.#sql.add.run(claim.id, item, name, version, index, content, revoked, claim.stands);
      if (added.changes > 0 && claim.stands === 1) this.#decide({ claim: claim.id, item, object: name });
    }
  }

  /** Noted first for versions that come meanwhile; what a crash leaves half done is not settled, and done when called again. */
  async setStanding({ log, index, share }: Claim, isStanding: boolean): Promise<void> {
    const stands = isStanding ? 1 : 0;
    this.#sql.note.run(log, index, share, stands);
    const { id } = this.#sql.claim.get(share) as ClaimRow;
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

  /** Forgets the versions in a share; the statement that claimed it stands as before. */
  async remove(share: Bytes): Promise<void> {
    const claim = this.#sql.claim.get(share) as ClaimRow | undefined;
    if (claim === undefined) return;
    await this.#inPieces(
      (after) => this.#sql.all.all(claim.id, after) as Row[],
      (row) => {
        this.#sql.remove.run(claim.id, row.item);
        this.#decide(row);
      },
    );
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

  /** Finds the newest anew, after this row has come, gone, or begun or ceased to stand. What it states looks after itself. */
  #decide(row: Row): void {
    const latest = this.#sql.latest.all(row.object) as (Place & State)[];
    const newest = latest.filter((one) => isSame(one, latest[0]));
    const before = this.#sql.newest.all(row.object) as Place[];
    this.#mark(
      row,
      before.filter((one) => !newest.some((other) => isAt(one, other))),
      0,
    );
    this.#mark(
      row,
      newest.filter((one) => !before.some((other) => isAt(one, other))),
      1,
    );
  }

  #mark(row: Place, places: readonly Place[], newest: 0 | 1): void {
    for (const place of places) {
      this.#sql.mark.run(newest, place.claim, place.item);
      if (isAt(place, row)) continue;
      const { share } = this.#sql.shareOf.get(place.claim) as { share: Bytes };
      this.#standing.refresh(share, place.item);
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

interface Row extends Place {
  readonly object: Bytes;
}

/** Letters of a UUID mean the same in either case (RFC 9562 §4). */
function nameOf(log: string, object: string): Bytes {
  return sha256(utf8(`${log} ${object.toLowerCase()}`)).subarray(0, OBJECT_BYTES);
}

function isSame(a: State, b: State | undefined): boolean {
  return a.version === b?.version && equalBytes(a.content, b.content);
}

function isAt(a: Place, b: Place): boolean {
  return a.claim === b.claim && a.item === b.item;
}

type Statements = Readonly<Record<keyof typeof SQL, StatementSyncInstance>>;

const ROW = "SELECT claim, item, object FROM versions";

/** @internal */
export const SQL = {
  addClaim: "INSERT INTO claims (log, idx, share, stands, settled) VALUES (?, ?, ?, 0, 1) ON CONFLICT DO NOTHING",
  claim: "SELECT id, stands FROM claims WHERE share = ?",
  shareOf: "SELECT share FROM claims WHERE id = ?",
  note: `INSERT INTO claims (log, idx, share, stands, settled) VALUES (?, ?, ?, ?, 0)
    ON CONFLICT (share) DO UPDATE SET stands = excluded.stands, settled = 0`,
  settle: "UPDATE claims SET settled = 1 WHERE id = ?",
  add: `INSERT INTO versions (claim, item, object, version, idx, content, revoked, stands, newest)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
  others: `${ROW} WHERE claim = ? AND item > ? AND stands <> ? ORDER BY item LIMIT ${PIECE}`,
  all: `${ROW} WHERE claim = ? AND item > ? ORDER BY item LIMIT ${PIECE}`,
  stand: "UPDATE versions SET stands = ?, newest = 0 WHERE claim = ? AND item = ?",
  remove: "DELETE FROM versions WHERE claim = ? AND item = ?",
  latest: `SELECT claim, item, version, content FROM versions WHERE object = ? AND stands = 1
    ORDER BY version DESC, idx DESC LIMIT ${TIES}`,
  newest: "SELECT claim, item FROM versions WHERE object = ? AND newest = 1",
  mark: "UPDATE versions SET newest = ? WHERE claim = ? AND item = ?",
} as const;
