import { type Result, sha256, toHex } from "@detente/basics";
import type { AddOutcome, NewObject, ObjectStore, StorageFault, VersionMatch } from "@detente/store";
import type { PendingShare } from "./pending.ts";

/** What was brought at once, and by whom: all of it is in the drawer under its id. */
export type Brought = Pick<PendingShare, "id" | "source" | "view">;

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

  /** Of an object the versions that are meant: the SHA-256 of their bytes in hex, by the id of what each came with. */
  async find(drawer: string, object: string, versions: VersionMatch): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>();
    for (let after = -1, more = true; more;) {
      const page = await this.#objects.reader.objects(drawer, { ids: [object], versions, after, ...PAGE });
      for (const { source, bytes, added } of page.rows) {
        found.set(source, (found.get(source) ?? new Set()).add(toHex(sha256(bytes))));
        after = added;
      }
      ({ more } = page);
    }
    return found;
  }

  async remove(drawer: string, object: string, versions: VersionMatch): Promise<Result<number, StorageFault>> {
    return this.#objects.writer.remove(drawer, object, versions);
  }
}

function keyOf(brought: Brought): string {
  return `${drawerOf(brought)} ${brought.id}`;
}
