import { err, fromHex, ok, present, type Result } from "@detente/basics";
import type { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";

/**
 * Erases the items of a share from this station, for good: they are not fetched again, and no longer found, screened
 * for or given to others. The statement stays, and so does every state; what other stations hold is their own.
 * @param share its leaf hash, 64 hexadecimal digits
 * @returns the hashes of all shares that have the same items
 */
export async function eraseItems(
  { blobs, index }: Pick<Station, "blobs" | "index">,
  { indexer, indexing }: Pick<UnitRuntime, "indexer" | "indexing">,
  share: string,
): Promise<Result<{ readonly shares: readonly string[] }>> {
  const known = indexer.share(share);
  if (known === undefined)
    return err("not-found", "no share with this hash is open to this party; see `detente intel`");
  const { digest } = known.content.items;
  const erased = await blobs.erase(present(fromHex(digest), "a digest in hex"));
  if (!erased.ok) return erased;
  indexing.breakOff(indexer.sharesOf(digest));
  const shares = indexer.sharesOf(digest).map(({ leafHash }) => leafHash);
  for (const leafHash of shares) await index.writer.removeItems(present(fromHex(leafHash), "a leaf hash in hex"));
  return ok({ shares });
}
