import type { Json } from "@detente/basics";
import type { Records } from "@detente/store";
import type { Pending } from "./pending.ts";
import { type Tally, tallyKey } from "./tally.ts";

/** How far the journal of a source was counted: which journal (when it was begun), and bytes of it. */
export interface JournalPlace {
  readonly began: number;
  readonly at: number;
}

/** What changes at once, and is durable at once: all of it, or nothing. */
export interface BookChange {
  readonly places?: ReadonlyMap<string, JournalPlace>;
  readonly open?: readonly Tally[];
  /** Ids of tallies that are open no longer. */
  readonly closed?: readonly string[];
  readonly pending?: readonly Pending[];
  /** Ids of those that were said or dropped; of what may be offered again it is kept that it was. */
  readonly settled?: readonly string[];
}

/**
 * What was counted and is not said yet, on disk and in memory. A place in a journal is put down together with what the
 * hits before it amount to, so that a crash neither loses nor doubles a hit.
 */
export class Book {
  readonly #records: Records;
  readonly #places = new Map<string, JournalPlace>();
  readonly #open = new Map<string, Tally>();
  readonly #byKey = new Map<string, Tally>();
  readonly #pending = new Map<string, Pending>();
  readonly #decided = new Set<string>();

  private constructor(records: Records) {
    this.#records = records;
  }

  static async read(records: Records): Promise<Book> {
    const book = new Book(records);
    const pending: Pending[] = [];
    for (const [key, value] of await records.list()) {
      const [kind = "", id = ""] = key.split(" ");
      if (kind === "place") book.#places.set(id, value as unknown as JournalPlace);
      else if (kind === "open") book.#setOpen(value as unknown as Tally);
      else if (kind === "pending") pending.push(value as unknown as Pending);
      else if (kind === "decided") book.#decided.add(id);
    }
    for (const one of pending.sort((a, b) => a.until - b.until)) book.#pending.set(one.id, one);
    return book;
  }

  /** Whether nothing is counted that is not said. */
  get isEmpty(): boolean {
    return this.#open.size === 0 && this.#pending.size === 0;
  }

  place(source: string): JournalPlace | undefined {
    return this.#places.get(source);
  }

  /** The tally that hits of a key are counted in now. */
  open(key: string): Tally | undefined {
    return this.#byKey.get(key);
  }

  allOpen(): Tally[] {
    return [...this.#open.values()];
  }

  /** In the order of their windows. */
  allPending(): Pending[] {
    return [...this.#pending.values()];
  }

  pending(id: string): Pending | undefined {
    return this.#pending.get(id);
  }

  /** Whether what a blind look-up found was said or dropped before. */
  isDecided(id: string): boolean {
    return this.#decided.has(id);
  }

  async change({ places, open = [], closed = [], pending = [], settled = [] }: BookChange): Promise<void> {
    const changes = new Map<string, Json | undefined>();
    for (const [source, place] of places ?? []) changes.set(`place ${source}`, { ...place });
    for (const id of closed) changes.set(`open ${id}`, undefined);
    for (const tally of open) changes.set(`open ${tally.id}`, tally as unknown as Json);
    const decided = settled.filter((id) => this.#pending.get(id)?.partner !== undefined);
    for (const id of settled) changes.set(`pending ${id}`, undefined);
    for (const id of decided) changes.set(`decided ${id}`, true);
    for (const one of pending) changes.set(`pending ${one.id}`, one as unknown as Json);
    if (changes.size === 0) return;
    await this.#records.change(changes);
    for (const [source, place] of places ?? []) this.#places.set(source, place);
    for (const id of closed) this.#dropOpen(id);
    for (const tally of open) this.#setOpen(tally);
    for (const id of settled) this.#pending.delete(id);
    for (const id of decided) this.#decided.add(id);
    for (const one of pending) this.#pending.set(one.id, one);
  }

  #setOpen(tally: Tally): void {
    this.#open.set(tally.id, tally);
    this.#byKey.set(tallyKey(tally), tally);
  }

  #dropOpen(id: string): void {
    const tally = this.#open.get(id);
    if (tally !== undefined) this.#byKey.delete(tallyKey(tally));
    this.#open.delete(id);
  }
}
