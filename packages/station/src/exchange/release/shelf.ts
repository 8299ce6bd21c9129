import { fromHex, type Json, present, type Result } from "@detente/basics";
import type { BlobWriter, Records, StorageFault } from "@detente/store";
import { onDisk } from "./on-disk.ts";
import type { PendingShare } from "./pending.ts";

const HOUR = 3_600_000;

/** When a rule has let something out, for whom. */
interface LetOut {
  readonly view: string;
  readonly at: number;
}

/**
 * What waits to be shared, on disk and in memory, and how often rules have let something out lately. Which blobs are to
 * be erased is put down before they come or are let go of, so a crash leaves none that nobody knows of.
 */
export class Shelf {
  readonly #records: Records;
  /** Digests in hex of what a process before this one left behind. */
  readonly #leftBehind = new Set<string>();
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
      else if (kind === "blob") shelf.#leftBehind.add(id);
      else shelf.#letOut.set(id, value as unknown as LetOut);
    }
    for (const one of found.toSorted((a, b) => a.came - b.came)) shelf.#pending.set(one.id, one);
    return shelf;
  }

  /** Erases what was coming or going when the process before this one ended; what the disk keeps is for the next one. */
  async sweep(blobs: BlobWriter): Promise<void> {
    for (const digest of this.#leftBehind) if (!(await this.erase(digest, blobs)).ok) return;
    this.#leftBehind.clear();
  }

  /** Notes a blob that is about to come. @param digest in hex */
  async expect(digest: string): Promise<void> {
    await this.#records.set(`blob ${digest}`, true);
  }

  /** Erases a blob that was noted, and forgets it. */
  async erase(digest: string, blobs: BlobWriter): Promise<Result<void, StorageFault>> {
    const erased = await blobs.erase(present(fromHex(digest), "a digest in hex"));
    if (!erased.ok) return erased;
    return onDisk(async () => void (await this.#records.delete(`blob ${digest}`)));
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
    const changes = new Map<string, Json | undefined>([
      [`pending ${pending.id}`, pending as unknown as Json],
      [`blob ${pending.content.items.digest}`, undefined],
    ]);
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

  /** It was said: its blob is the share's now. */
  async remove(id: string): Promise<void> {
    await this.#records.delete(`pending ${id}`);
    this.#pending.delete(id);
  }

  /** It will never be said; its blob is noted as one to be erased. */
  async discard({ id, content }: PendingShare): Promise<void> {
    await this.#records.change(
      new Map<string, Json | undefined>([
        [`pending ${id}`, undefined],
        [`blob ${content.items.digest}`, true],
      ]),
    );
    this.#pending.delete(id);
  }
}
