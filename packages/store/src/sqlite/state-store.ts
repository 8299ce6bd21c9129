import { type Bytes, ok, type Result, sha256, utf8 } from "@detente/basics";
import type { HeadStore, PendingState, WitnessState } from "@detente/tlog";
import type { Fraud, Frauds, OpenFault, Records, Token, Tokens } from "../ports.ts";
import { closeDatabase, type Database, type KeptSchema, openKept } from "./database.ts";
import { HeadTable, pendingForm, witnessForm } from "./head-table.ts";
import { RecordTable } from "./records.ts";

const SCHEMA: KeptSchema = {
  version: 1,
  sql: `
  CREATE TABLE heads (role TEXT NOT NULL, origin TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (role, origin)) WITHOUT ROWID;
  CREATE TABLE frauds (id BLOB PRIMARY KEY, log TEXT NOT NULL, at INTEGER NOT NULL, proof BLOB NOT NULL);
  CREATE INDEX frauds_of_log ON frauds (log);
  CREATE TABLE tokens (id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, label TEXT NOT NULL, scopes TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER);
  CREATE TABLE records (collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (collection, key)) WITHOUT ROWID`,
};

/**
 * What a station must not forget and cannot find out again: what it has vouched for, frauds it has seen, and its
 * settings. Every change is synced before its promise resolves.
 */
export class StateStore {
  /** The checkpoints this station cosigned as a witness. */
  readonly witness: HeadStore<WitnessState>;
  /** The checkpoints it has accepted as a mirror but does not hold in full yet. */
  readonly pending: HeadStore<PendingState>;
  readonly frauds: Frauds;
  readonly tokens: Tokens;
  /** What is known of each peer, by party name. */
  readonly peers: Records;
  readonly config: Records;
  /** What was counted of this party's own telemetry, and is not said yet. */
  readonly watch: Records;
  /** This party's own match set, and what it is about to say of it. */
  readonly match: Records;
  /** What tools brought, and is not shared yet. */
  readonly release: Records;
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
    this.witness = new HeadTable(db, "witness", witnessForm);
    this.pending = new HeadTable(db, "pending", pendingForm);
    this.frauds = new FraudTable(db);
    this.tokens = new TokenTable(db);
    this.peers = new RecordTable(db, "peers");
    this.config = new RecordTable(db, "config");
    this.watch = new RecordTable(db, "watch");
    this.match = new RecordTable(db, "match");
    this.release = new RecordTable(db, "release");
  }

  static open(path: string): Result<StateStore, OpenFault> {
    const db = openKept(path, SCHEMA);
    return db.ok ? ok(new StateStore(db.value)) : db;
  }

  close(): void {
    closeDatabase(this.#db);
  }
}

class FraudTable implements Frauds {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add({ log, at, proof }: Fraud): Promise<boolean> {
    const insert = this.#db.prepare("INSERT OR IGNORE INTO frauds (id, log, at, proof) VALUES (?, ?, ?, ?)");
    return insert.run(sha256(proof), log, at, proof).changes === 1;
  }

  async list(log?: string): Promise<Fraud[]> {
    const select = "SELECT log, at, proof FROM frauds";
    const rows =
      log === undefined
        ? this.#db.prepare(`${select} ORDER BY at, id`).all()
        : this.#db.prepare(`${select} WHERE log = ? ORDER BY at, id`).all(log);
    return (rows as Fraud[]).map(({ log: of, at, proof }) => ({ log: of, at, proof }));
  }
}

interface TokenRow {
  readonly id: string;
  readonly label: string;
  readonly scopes: string;
  readonly created: number;
  readonly expires: number | null;
}

const TOKEN_COLUMNS = "id, label, scopes, created, expires";

class TokenTable implements Tokens {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add({ id, label, scopes, created, expires }: Token, secret: string): Promise<void> {
    this.#db
      .prepare(`INSERT INTO tokens (hash, ${TOKEN_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`)
      .run(hashOf(secret), id, label, JSON.stringify(scopes), created, expires ?? null);
  }

  async find(secret: string, now: number): Promise<Token | undefined> {
    const row = this.#db
      .prepare(`SELECT ${TOKEN_COLUMNS} FROM tokens WHERE hash = ? AND (expires IS NULL OR expires > ?)`)
      .get(hashOf(secret), now) as TokenRow | undefined;
    return row === undefined ? undefined : tokenOf(row);
  }

  async revoke(id: string): Promise<boolean> {
    return this.#db.prepare("DELETE FROM tokens WHERE id = ?").run(id).changes === 1;
  }

  async list(): Promise<Token[]> {
    return (this.#db.prepare(`SELECT ${TOKEN_COLUMNS} FROM tokens ORDER BY created, id`).all() as TokenRow[]).map(
      tokenOf,
    );
  }
}

/** Tokens are long random secrets, so one round of hashing is enough to keep a copied database from using them. */
function hashOf(secret: string): Bytes {
  return sha256(utf8(secret));
}

function tokenOf({ id, label, scopes, created, expires }: TokenRow): Token {
  const token = { id, label, scopes: JSON.parse(scopes) as string[], created };
  return expires === null ? token : { ...token, expires };
}
