import { type Bytes, ok, type Result } from "@detente/basics";
import type { StatementSyncInstance } from "@photostructure/sqlite";
import type { OpenFault, Records } from "../ports.ts";
import { closeDatabase, type Database, type KeptSchema, openKept, reserveWal, transaction } from "./database.ts";
import { RecordTable } from "./records.ts";
import { SyncedRecords } from "./synced-records.ts";
import { type Datasync, WalSync } from "./wal-sync.ts";

const SCHEMA: KeptSchema = {
  version: 1,
  sql: `
  CREATE TABLE exchanges (id INTEGER PRIMARY KEY, set_id BLOB NOT NULL, request BLOB NOT NULL, response BLOB NOT NULL,
    blinds BLOB NOT NULL, previous BLOB NOT NULL);
  CREATE INDEX exchanges_of_set ON exchanges (set_id);
  CREATE TABLE outputs (set_id BLOB NOT NULL, input TEXT NOT NULL, output BLOB NOT NULL, exchange INTEGER,
    place INTEGER, PRIMARY KEY (set_id, input)) WITHOUT ROWID;
  CREATE TABLE records (collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (collection, key)) WITHOUT ROWID`,
};

/** A request to a partner with its answer, and what shows what was asked: kept, so that it can be laid open one day. */
export interface Exchanged {
  readonly request: Bytes;
  readonly response: Bytes;
  readonly blinds: Bytes;
  /** The digest of the receipt before. */
  readonly previous: Bytes;
}

/** The output for an input, and where it comes from: nowhere, where this party has the key itself. */
export interface KnownOutput {
  readonly output: Bytes;
  readonly from?: { readonly exchange: Exchanged; readonly place: number };
}

/**
 * The outputs of blind functions that this party knows, by set and input, with the exchanges that gave them; and both
 * books of what was asked, its own and its partners'. Secret: it says what was asked. What is added is synced with the
 * next change of a tab at the latest: a request stays in its tab until then, and gives the same outputs again.
 */
export class AnswerStore {
  /** Where this party stands with each set; synced before its calls resolve. */
  readonly tabs: Records;
  /** What partners have spent in this party's sets; synced before its calls resolve. */
  readonly ledgers: Records;
  readonly #db: Database;
  readonly #log: WalSync;
  // To prepare a statement takes as long as to run it.
  readonly #known: StatementSyncInstance;
  readonly #learn: StatementSyncInstance;
  readonly #exchange: StatementSyncInstance;
  #hasReserved = false;

  private constructor(db: Database, log: WalSync) {
    this.#db = db;
    this.#known = db.prepare("SELECT output FROM outputs WHERE set_id = ? AND input = ?");
    this.#learn = db.prepare("INSERT OR IGNORE INTO outputs VALUES (?, ?, ?, ?, ?)");
    this.#exchange = db.prepare(
      "INSERT INTO exchanges (set_id, request, response, blinds, previous) VALUES (?, ?, ?, ?, ?)",
    );
    this.#log = log;
    this.tabs = new SyncedRecords(new RecordTable(db, "tabs"), log);
    this.ledgers = new SyncedRecords(new RecordTable(db, "ledgers"), log);
  }

  /** @param datasync for tests, which see when something is synced */
  static open(path: string, datasync?: Datasync): Result<AnswerStore, OpenFault> {
    const db = openKept(path, SCHEMA);
    return db.ok ? ok(new AnswerStore(db.value, new WalSync(db.value, path, datasync))) : db;
  }

  /** To be called before the first of many synced writes: they cost a tenth then (`reserveWal`). */
  reserve(): void {
    if (!this.#hasReserved) reserveWal(this.#db);
    this.#hasReserved = true;
  }

  /** The outputs of a set for inputs, in their order; undefined where one is not known. */
  outputs(set: Bytes, inputs: readonly string[]): (Bytes | undefined)[] {
    return inputs.map((input) => {
      const row = this.#known.get(set, input) as { output: Uint8Array } | undefined;
      return row && new Uint8Array(row.output);
    });
  }

  find(set: Bytes, input: string): KnownOutput | undefined {
    const row = this.#db
      .prepare(
        `SELECT output, place, request, response, blinds, previous FROM outputs
         LEFT JOIN exchanges ON exchanges.id = outputs.exchange WHERE outputs.set_id = ? AND input = ?`,
      )
      .get(set, input) as (Exchanged & { readonly output: Uint8Array; readonly place: number | null }) | undefined;
    if (row === undefined) return undefined;
    const { output, place, request, response, blinds, previous } = row;
    if (place === null) return { output: new Uint8Array(output) };
    const exchange = {
      request: new Uint8Array(request),
      response: new Uint8Array(response),
      blinds: new Uint8Array(blinds),
      previous: new Uint8Array(previous),
    };
    return { output: new Uint8Array(output), from: { exchange, place } };
  }

  /** Whether a partner has answered anything by a set. */
  isAsked(set: Bytes): boolean {
    return this.#db.prepare("SELECT 1 FROM exchanges WHERE set_id = ? LIMIT 1").get(set) !== undefined;
  }

  /** All exchanges of a set: the requests, and the digest of the receipt before each. */
  exchanges(set: Bytes): Pick<Exchanged, "request" | "previous">[] {
    const rows = this.#db.prepare("SELECT request, previous FROM exchanges WHERE set_id = ? ORDER BY id").all(set);
    return (rows as Pick<Exchanged, "request" | "previous">[]).map(({ request, previous }) => ({
      request: new Uint8Array(request),
      previous: new Uint8Array(previous),
    }));
  }

  /** Keeps outputs, all or none; `from` is the exchange that gave them, in the order of its questions. */
  add(set: Bytes, inputs: readonly string[], outputs: readonly Bytes[], from?: Exchanged): void {
    transaction(this.#db, () => {
      const exchange = from === undefined ? null : this.#addExchange(set, from);
      for (const [i, input] of inputs.entries()) {
        this.#learn.run(set, input, outputs[i] ?? null, exchange, exchange === null ? null : i);
      }
    });
  }

  /** Forgets a set: its key is used no more. Synced before it resolves. */
  forget(set: Bytes): Promise<void> {
    return this.#log.after(() =>
      transaction(this.#db, () => {
        this.#db.prepare("DELETE FROM outputs WHERE set_id = ?").run(set);
        this.#db.prepare("DELETE FROM exchanges WHERE set_id = ?").run(set);
      }),
    );
  }

  close(): void {
    this.#log.close();
    closeDatabase(this.#db);
  }

  #addExchange(set: Bytes, { request, response, blinds, previous }: Exchanged): number | bigint {
    return this.#exchange.run(set, request, response, blinds, previous).lastInsertRowid;
  }
}
