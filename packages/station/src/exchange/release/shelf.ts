import type { Json } from "@detente/basics";
import type { Records } from "@detente/store";
import type { PendingShare } from "./pending.ts";

const HOUR = 3_600_000;

/** When a rule has let something out, for whom. */
interface LetOut {
  readonly view: string;
  readonly at: number;
}

/** What waits to be shared, on disk and in memory, and how often rules have let something out lately. */
export class Shelf {
  readonly #records: Records;
  readonly #pending = new Map<string, PendingShare>();
  readonly #letOut = new Map<string, LetOut>();

  private constructor(records: Records) {
    this.#records = records;
  }

  static async read(records: Records): Promise<Shelf> {
    const shelf = new Shelf(records);
    const found: PendingShare[] = [];
    for (const [key, value] of await records.list()) {
      const [kind = "", id = ""] = key.split(" ");
      if (kind === "pending") found.push(value as unknown as PendingShare);
      else shelf.#letOut.set(id, value as unknown as LetOut);
    }
    for (const one of found.toSorted((a, b) => a.came - b.came)) shelf.#pending.set(one.id, one);
    return shelf;
  }

  /** In the order in which they came. */
  all(): PendingShare[] {
    return [...this.#pending.values()];
  }

  get(id: string): PendingShare | undefined {
    return this.#pending.get(id);
  }

  /** How many of this audience rules have let out in the hour before. */
  lately(view: string, now: number): number {
    return [...this.#letOut.values()].filter((one) => one.view === view && one.at > now - HOUR).length;
  }

  /** Puts one down, new or changed; durable when it resolves. */
  async put(pending: PendingShare, now: number): Promise<void> {
    const changes = new Map<string, Json | undefined>([[`pending ${pending.id}`, pending as unknown as Json]]);
    for (const [id, { at }] of this.#letOut) {
      if (at > now - HOUR) continue;
      changes.set(`out ${id}`, undefined);
      this.#letOut.delete(id);
    }
    if (pending.releasedBy === "rule" && !this.#letOut.has(pending.id)) {
      const out: LetOut = { view: pending.view, at: now };
      changes.set(`out ${pending.id}`, { ...out });
      this.#letOut.set(pending.id, out);
    }
    await this.#records.change(changes);
    this.#pending.set(pending.id, pending);
  }

  async remove(id: string): Promise<void> {
    await this.#records.delete(`pending ${id}`);
    this.#pending.delete(id);
  }
}
