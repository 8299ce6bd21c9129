import { err, ok, type Bytes, type Result } from "@detente/basics";
import { parseEntryBundle } from "./entry-bundle.ts";
import { HASH_SIZE, leafHash } from "./hash.ts";
import { MemoryTree } from "./memory-tree.ts";
import { TILE_WIDTH, type Tile } from "./tile.ts";
import type { FetchTile, TileFault } from "./tile-source.ts";
import { entriesPath, tilePath } from "./tile-path.ts";

/** The hashes of a tile as a tree of their own. Not verified. */
export async function fetchTile(tile: Tile, fetch: FetchTile): Promise<Result<MemoryTree, TileFault>> {
  const fetched = await fetchPart((width) => tilePath(tile.level, tile.index, width), tile.width, fetch);
  if (!fetched.ok) return fetched;
  const { path, bytes, width } = fetched.value;
  if (bytes.length !== width * HASH_SIZE) {
    return err("malformed", `${path} has ${bytes.length} bytes instead of ${width * HASH_SIZE}`);
  }
  const tree = new MemoryTree();
  for (let i = 0; i < tile.width; i++) tree.append(bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
  return ok(tree);
}

/** The entries of a bundle, and the tile of level 0 that they make. Not verified. */
export async function fetchBundle(
  index: number,
  width: number,
  fetch: FetchTile,
): Promise<Result<{ entries: Bytes[]; tree: MemoryTree }, TileFault>> {
  const fetched = await fetchPart((wide) => entriesPath(index, wide), width, fetch);
  if (!fetched.ok) return fetched;
  const parsed = parseEntryBundle(fetched.value.bytes, fetched.value.width);
  if (!parsed.ok) return err("malformed", `${fetched.value.path}: ${parsed.fault.message}`);
  const entries = parsed.value.slice(0, width);
  const tree = new MemoryTree();
  for (const entry of entries) tree.append(leafHash(entry));
  return ok({ entries, tree });
}

interface Part {
  readonly path: string;
  readonly bytes: Bytes;
  readonly width: number;
}

/** A log may delete a partial tile once the full one exists, so that is where to look next. */
async function fetchPart(
  pathOf: (width: number) => string,
  width: number,
  fetch: FetchTile,
): Promise<Result<Part, TileFault>> {
  for (const tried of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const path = pathOf(tried);
    const answer = await fetch(path);
    if (answer.ok) return ok({ path, bytes: answer.value, width: tried });
    if (answer.fault.code === "unavailable") return err("unavailable", `${path}: ${answer.fault.message}`);
  }
  return err("missing", `${pathOf(width)} is not there, nor is the full one; try another mirror of the log`);
}
