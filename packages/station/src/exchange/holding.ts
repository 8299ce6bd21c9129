import { type Json, unwrap } from "@detente/basics";
import type { NewObject, ObjectStore } from "@detente/store";

/** What is noted of a share that is in a collection, or on the way into it. */
export interface Fed {
  /** Its author's log. */
  readonly log: string;
  /** Whether stations derived the objects from items, so that nobody else can have stated them. */
  readonly isDerived: boolean;
  /** Whether all of it is there. */
  readonly isWhole: boolean;
  /** Whether it has an id that another share has too: what of it stands here may change when others leave. */
  readonly hasShared: boolean;
}

/** By the leaf hash of the share. */
export type FedShares = Map<string, Fed>;

/**
 * Who holds which id in a collection. A STIX id names one object, and only its creator may give it a new version (STIX
 * 2.1 §3.6), but anybody can put any id into an object, so: an id is held by the party that was there first, in as many
 * versions as that party states; what others state under it stands in their own collections, and moves up when the
 * holder withdraws. Ids that stations derive from a share belong to that share, whoever used them before. What two
 * derived shares have in common is their author's identity: the first one's is as good as any, and stays.
 */
export class Holding {
  readonly #objects: ObjectStore;
  readonly #collection: string;
  readonly #fed: FedShares;

  /** @param fed the shares in the collection; kept in step */
  constructor(objects: ObjectStore, collection: string, fed: FedShares) {
    this.#objects = objects;
    this.#collection = collection;
    this.#fed = fed;
  }

  /** Notes what is known of a share here; durable when it resolves. */
  async note(share: string, change: Partial<Fed>): Promise<void> {
    const fed = { ...(this.#fed.get(share) as Fed), ...change };
    this.#fed.set(share, fed);
    await this.#objects.marks.set(`${this.#collection} ${share}`, { ...fed });
  }

  /**
   * Puts objects of a share in, as far as it may hold their ids. The ids are noted first, so that nothing is left behind
   * whenever the process ends.
   * @param part counts the calls for the share from 0
   */
  async put(share: string, part: number, objects: readonly NewObject[]): Promise<void> {
    const ids = [...new Set(objects.map(({ id }) => id))];
    await this.#objects.members.set(this.#partKey(share, part), ids);
    const holders = await this.#holders(ids);
    const placed: NewObject[] = [];
    const evicted: string[] = [];
    let hasShared = false;
    for (const object of objects) {
      const others = [...(holders.get(object.id) ?? [])].filter((source) => source !== share);
      if (others.length === 0) placed.push(object);
      else if (!this.#isDerived(share) || !others.some((other) => this.#isDerived(other))) {
        hasShared = true;
        const [isMine, mayStand] = this.#compare(share, others);
        if (!isMine) continue;
        placed.push(object);
        if (mayStand) continue;
        evicted.push(object.id);
        for (const other of others) if (this.#fed.has(other)) await this.note(other, { hasShared: true });
      }
    }
    if (hasShared && this.#fed.get(share)?.hasShared === false) await this.note(share, { hasShared });
    if (evicted.length > 0) unwrap(await this.#objects.writer.removeAll(this.#collection, evicted));
    if (placed.length > 0) unwrap(await this.#objects.writer.add(this.#collection, share, placed));
  }

  /** Takes a share out, and has those put in anew that had to stand back, or lost a version with it. */
  async takeOut(share: string): Promise<void> {
    const { members, writer, marks } = this.#objects;
    const again = new Set<string>();
    for (let part = 0; ; part++) {
      const ids = (await members.get(this.#partKey(share, part))) as readonly string[] | undefined;
      if (ids === undefined) break;
      const holders = await this.#holders(ids);
      const isKept = (id: string): boolean => this.#isDerived(share) && id.startsWith("identity--");
      const own = ids.filter((id) => holders.get(id)?.has(share) === true && !isKept(id));
      for (const id of own) for (const other of holders.get(id) ?? []) if (other !== share) again.add(other);
      unwrap(await writer.removeAll(this.#collection, own));
    }
    for (const [other, { hasShared }] of this.#fed) if (hasShared && other !== share) again.add(other);
    for (const other of again) if (this.#fed.has(other)) await this.note(other, { isWhole: false });
    // Last: until the mark is gone, taking out begins again after a crash.
    const gone = new Map<string, Json | undefined>();
    for (let part = 0; (await members.get(this.#partKey(share, part))) !== undefined; part++)
      gone.set(this.#partKey(share, part), undefined);
    await marks.delete(`${this.#collection} ${share}`);
    await members.change(gone);
    this.#fed.delete(share);
  }

  /** Whether the share may have an id that others have here, and whether these may keep it beside. */
  #compare(share: string, others: readonly string[]): readonly [isMine: boolean, mayStand: boolean] {
    if (this.#isDerived(share)) return [true, false];
    const log = this.#fed.get(share)?.log;
    return [others.every((other) => !this.#isDerived(other) && this.#fed.get(other)?.log === log), true];
  }

  #isDerived(share: string): boolean {
    return this.#fed.get(share)?.isDerived === true;
  }

  /** Which shares have put objects of these ids in. */
  #holders(ids: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    return this.#objects.reader.sources(this.#collection, ids);
  }

  #partKey(share: string, part: number): string {
    return `${this.#collection} ${share} ${part}`;
  }
}
