import { type Json, ok, type Result } from "@detente/basics";
import { type StorageFault, storageFailed } from "../faults.ts";
import type { Receipt, Receipts } from "../object-ports.ts";
import { turn } from "../turn.ts";
import { type Database, transaction } from "./database.ts";

export class ReceiptTable implements Receipts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async put({ id, owner, expires, content }: Receipt, now: number): Promise<Result<void, StorageFault>> {
    const text = JSON.stringify(content);
    await turn();
    try {
      transaction(this.#db, () => {
        this.#db.prepare("DELETE FROM receipts WHERE expires <= ?").run(now);
        this.#db.prepare("INSERT INTO receipts VALUES (?, ?, ?, ?)").run(id, owner, expires, text);
      });
      return ok(undefined);
    } catch (error) {
      return storageFailed("keeping a receipt", error);
    }
  }

  async get(id: string, owner: string, now: number): Promise<Json | undefined> {
    const row = this.#db
      .prepare("SELECT content FROM receipts WHERE id = ? AND owner = ? AND expires > ?")
      .get(id, owner, now) as { content: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.content) as Json);
  }
}
