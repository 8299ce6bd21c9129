import { fromHex, type Json, present, type Result } from "@detente/basics";
import type { BlobWriter, Records, StorageFault } from "@detente/store";
import { onDisk } from "./on-disk.ts";
import type { Brought, Drawers } from "./drawers.ts";
import type { PendingShare, SharedFromHere } from "./pending.ts";

const HOUR = 3_600_000;

/** When a rule has let something out, for whom. */
interface LetOut {
  readonly view: string;
  readonly at: number;
}

/**
 * What waits to be shared and what was, on disk and in memory, and how often rules have let something out lately. Which
 * blobs are to be erased, and what is to be taken out of the drawers, is put down before it comes or is let go of, so a
 * crash leaves nothing that nobody knows of.
 */
export class Shelf {
  readonly #records: Records;
  /** Digests in hex of what a process before this one left behind. */
  readonly #leftBehind = new Set<string>();
  /** What that process left in drawers. */
  readonly #leftIn: Brought[] = [];
  readonly #pending = new Map<string, PendingShare>();
  readonly #shared = new Map<string, SharedFromHere>();
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
      else if (kind === "drawer") shelf.#leftIn.push(value as unknown as Brought);
      else if (kind === "shared") shelf.#shared.set(id, value as unknown as SharedFromHere);
      else shelf.#letOut.set(id, value as unknown as LetOut);
    }
    for (const one of found.toSorted((a, b) => a.came - b.came)) shelf.#pending.set(one.id, one);
    return shelf;
  }

  /** Erases what was coming or going when the process before this one ended; what the disk keeps is for the next one. */
  async sweep(blobs: BlobWriter, drawers: Drawers): Promise<void> {
    for (const one of this.#leftIn) if (!(await this.clear(one, drawers)).ok) return;
    this.#leftIn.length = 0;
    for (const digest of this.#leftBehind) if (!(await this.erase(digest, blobs)).ok) return;
    this.#leftBehind.clear();
  }

  /** Notes a blob that is about to come. @param digest in hex */
  async expect(digest: string): Promise<void> {
    await this.#records.set(`blob ${digest}`, true);
  }

  /** Notes what is about to come into a drawer. */
  async expectIn({ id, source, view }: Brought): Promise<void> {
    await this.#records.set(`drawer ${id}`, { id, source, view });
  }

  /** Takes out of its drawer what was noted, and forgets it. */
  async clear(brought: Brought, drawers: Drawers): Promise<Result<void, StorageFault>> {
    const cleared = await drawers.clear(brought);
    if (!cleared.ok) return cleared;
    return onDisk(async () => void (await this.#records.delete(`drawer ${brought.id}`)));
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

  /** What was shared from here and is still shown to whoever brought it. */
  shared(): SharedFromHere[] {
    return [...this.#shared.values()];
  }

  /** Puts one down, new or changed; durable when it resolves. Another blob that it had is noted as one to be erased. */
  async put(pending: PendingShare, now: number): Promise<void> {
    const former = this.#pending.get(pending.id)?.content.items.digest;
    const changes = new Map<string, Json | undefined>([
      [`pending ${pending.id}`, pending as unknown as Json],
      [`drawer ${pending.id}`, undefined],
      ...(former === undefined ? [] : [[`blob ${former}`, true] as const]),
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
  async said({ id, source, view, content }: PendingShare, leafHash: string): Promise<void> {
    const shared: SharedFromHere = { id, source, view, content, leafHash };
    await this.#records.change(
      new Map<string, Json | undefined>([
        [`pending ${id}`, undefined],
        [`shared ${id}`, shared as unknown as Json],
      ]),
    );
    this.#pending.delete(id);
    this.#shared.set(id, shared);
  }

  /** It will never be said: its blob is noted as one to be erased, and what is in its drawer as to be taken out. */
  async discard({ id, source, view, content }: PendingShare): Promise<void> {
    await this.#records.change(
      new Map<string, Json | undefined>([
        [`pending ${id}`, undefined],
        [`drawer ${id}`, { id, source, view }],
        [`blob ${content.items.digest}`, true],
      ]),
    );
    this.#pending.delete(id);
  }

  /** It is not shared any more; what is in its drawer is noted as to be taken out. */
  async forget({ id, source, view }: SharedFromHere): Promise<void> {
    await this.#records.change(
      new Map<string, Json | undefined>([
        [`shared ${id}`, undefined],
        [`drawer ${id}`, { id, source, view }],
      ]),
    );
    this.#shared.delete(id);
  }
}
