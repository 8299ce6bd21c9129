import { ok, type Result, sha256, toHex } from "@detente/basics";
import type { AddOutcome, NewObject, ObjectStore, StorageFault, VersionMatch } from "@detente/store";
import type { PendingShare } from "./pending.ts";

/** What was brought at once, and by whom: all of it is in the drawer under its id. */
export type Brought = Pick<PendingShare, "id" | "source" | "view">;

export interface FoundVersion {
  /** The id of what was brought at once. */
  readonly cameWith: string;
  /** As stated, or the time of adding. */
  readonly version: string;
  /** SHA-256 of its bytes, in hex. */
  readonly digest: string;
}

/** Objects that are looked at in one piece, and the bytes of these. */
const PAGE = { limit: 100, maxBytes: 1 << 23 } as const;

/** Where is kept what one tool has brought for one audience. */
export function drawerOf({ source, view }: Pick<Brought, "source" | "view">): string {
  return `release ${view} ${source}`;
}

/**
 * What tools read in their release collections: one drawer for each token and audience, in the store of the other
 * collections, so that it is read as these are. It holds what waits and what was shared from it, and can be made anew
 * from the blobs of these.
 */
export class Drawers {
  readonly #objects: Pick<ObjectStore, "reader" | "writer" | "members">;

  constructor(objects: Pick<ObjectStore, "reader" | "writer" | "members">) {
    this.#objects = objects;
  }

  /** Puts objects in; the outcomes are in their order. What is there already stays what it was brought with. */
  async putIn(brought: Brought, objects: readonly NewObject[]): Promise<Result<AddOutcome[], StorageFault>> {
    return this.#objects.writer.add(drawerOf(brought), brought.id, objects);
  }

  /** Takes all out again that was brought at once. */
  async clear(brought: Brought): Promise<Result<number, StorageFault>> {
    await this.#objects.members.delete(keyOf(brought));
    return this.#objects.writer.removeOf(drawerOf(brought), brought.id);
  }

  /** Notes whether exactly what was brought is there: what is not whole at a start is put in anew. */
  async note(brought: Brought, { isWhole }: { readonly isWhole: boolean }): Promise<void> {
    if (isWhole) await this.#objects.members.set(keyOf(brought), true);
    else await this.#objects.members.delete(keyOf(brought));
  }

  async isWhole(brought: Brought): Promise<boolean> {
    return (await this.#objects.members.get(keyOf(brought))) === true;
  }

  /** The versions of an object that are meant. */
  async find(drawer: string, object: string, versions: VersionMatch): Promise<FoundVersion[]> {
    const found: FoundVersion[] = [];
    for (let after = -1, more = true; more;) {
      const page = await this.#objects.reader.objects(drawer, { ids: [object], versions, after, ...PAGE });
      for (const { source, version, bytes, added } of page.rows) {
        found.push({ cameWith: source, version, digest: toHex(sha256(bytes)) });
        after = added;
      }
      ({ more } = page);
    }
    return found;
  }

  /** Takes these out. By name: where one is gone already, the last is another. */
  async remove(drawer: string, object: string, found: readonly FoundVersion[]): Promise<Result<void, StorageFault>> {
    const versions = found.map(({ version }) => version);
    for (let start = 0; start < versions.length; start += PAGE.limit) {
      const removed = await this.#objects.writer.remove(drawer, object, versions.slice(start, start + PAGE.limit));
      if (!removed.ok) return removed;
    }
    return ok(undefined);
  }
}

function keyOf(brought: Brought): string {
  return `${drawerOf(brought)} ${brought.id}`;
}
