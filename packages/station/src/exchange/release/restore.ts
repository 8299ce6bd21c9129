import { type Result, ok } from "@detente/basics";
import type { BlobReader, NewObject, StorageFault } from "@detente/store";
import { eachObject } from "../../sync/read-indicators.ts";
import { readObjects } from "../../sync/read-share.ts";
import { asStated } from "../stated-objects.ts";
import type { Drawers } from "./drawers.ts";
import type { Shelf } from "./shelf.ts";

/** Before anything comes: puts into the drawers what is not whole there, after a crash or where their file was lost. */
export async function restoreDrawers(
  shelf: Shelf,
  drawers: Drawers,
  blobs: BlobReader,
): Promise<Result<void, StorageFault>> {
  for (const one of [...shelf.shared(), ...shelf.all()]) {
    if (await drawers.isWhole(one)) continue;
    const cleared = await drawers.clear(one);
    if (!cleared.ok) return cleared;
    let failed: StorageFault | undefined;
    await readObjects(blobs, one.content, async (some) => {
      const objects: NewObject[] = [];
      await eachObject(some, (object) => void objects.push(asStated(object)));
      const put = await drawers.putIn(one, objects);
      if (!put.ok) failed = put.fault;
    });
    if (failed !== undefined) return { ok: false, fault: failed };
    await drawers.note(one, { isWhole: true });
  }
  return ok(undefined);
}
