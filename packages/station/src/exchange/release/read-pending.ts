import { utf8Decode } from "@detente/basics";
import type { BlobReader } from "@detente/store";
import { readObjects } from "../../sync/read-share.ts";
import type { PendingShare } from "./pending.ts";

/** The texts of the objects of one that is pending, as their sources stated them. */
export async function* readPending(blobs: BlobReader, { content }: PendingShare): AsyncGenerator<string> {
  const texts: string[] = [];
  await readObjects(blobs, content, (objects) => {
    for (const { bytes } of objects) texts.push(utf8Decode(bytes) ?? "");
  });
  yield* texts;
}
