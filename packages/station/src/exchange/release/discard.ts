import type { BlobWriter } from "@detente/store";
import type { Logger } from "pino";
import type { Drawers } from "./drawers.ts";
import type { PendingShare } from "./pending.ts";
import type { Shelf } from "./shelf.ts";

/** Lets go of one that is pending and of its objects; what cannot be erased now goes at the next start. */
export async function discard(
  one: PendingShare,
  {
    shelf,
    blobs,
    drawers,
    logger,
  }: { readonly shelf: Shelf; readonly blobs: BlobWriter; readonly drawers: Drawers; readonly logger: Logger },
): Promise<void> {
  await shelf.discard(one);
  for (const done of [await shelf.erase(one.content.items.digest, blobs), await shelf.clear(one, drawers)]) {
    if (!done.ok) logger.warn({ why: done.fault.message }, "what was dropped is erased at the next start");
  }
}
