import { err, ok, present, unwrap, type Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consistencyProof } from "./consistency.ts";
import { encodeEntryBundle } from "./entry-bundle.ts";
import { inclusionProof } from "./inclusion.ts";
import { subtreeConsistencyProof } from "./subtree.ts";
import { entriesOf, flipped, treeOf } from "./testing/rfc6962.ts";
import { newTiles, tileBytes, TILE_WIDTH } from "./tile.ts";
import { entriesPath, tilePath } from "./tile-path.ts";
import { TileReader } from "./tile-reader.ts";
import type { FetchTile } from "./tile-source.ts";
import { treeRoot } from "./tree.ts";

const entries = entriesOf(66_000);
const tree = treeOf(entries);

/** Everything a log of `size` entries serves, lazily. */
function logOf(size: number): Map<string, () => Bytes> {
  const files = new Map<string, () => Bytes>();
  for (const tile of newTiles(0, size)) {
    files.set(tilePath(tile.level, tile.index, tile.width), () => tileBytes(tile, tree.reader));
    if (tile.level > 0) continue;
    const start = tile.index * TILE_WIDTH;
    files.set(entriesPath(tile.index, tile.width), () => encodeEntryBundle(entries.slice(start, start + tile.width)));
  }
  return files;
}

function serve(files: Map<string, () => Bytes>, asked: string[] = []): FetchTile {
  return async (path) => {
    asked.push(path);
    const file = files.get(path);
    return file === undefined ? err("not-found", "404") : ok(file());
  };
}

function trusted(size: number): { size: number; root: Bytes } {
  return { size, root: tree.root(size) };
}

describe("TileReader", () => {
  it.each([1, 255, 256, 257, 511, 65_535, 65_536, 65_537, 66_000])("proves and reads in a log of %d", async (size) => {
    const reader = new TileReader(trusted(size), serve(logOf(size)));
    for (const index of [0, Math.floor(size / 2), size - 1]) {
      const proof = unwrap(await reader.read((hashes) => inclusionProof(index, size, hashes)));
      expect(proof).toEqual(inclusionProof(index, size, tree.reader));
      expect(unwrap(await reader.entries(index, index + 1))).toEqual([entries[index]]);
    }
    const old = Math.ceil(size / 3);
    expect(unwrap(await reader.read((hashes) => consistencyProof(old, size, hashes)))).toEqual(
      consistencyProof(old, size, tree.reader),
    );
    expect(unwrap(await reader.read((hashes) => treeRoot(old, hashes)))).toEqual(tree.root(old));
    const end = Math.min(size, 256);
    expect(unwrap(await reader.read((hashes) => subtreeConsistencyProof(0, end, size, hashes)))).toEqual(
      subtreeConsistencyProof(0, end, size, tree.reader),
    );
    const start = Math.max(0, size - 3_000);
    expect(unwrap(await reader.entries(start, size))).toEqual(entries.slice(start, size));
  });

  it("reads nothing of an empty log but its root", async () => {
    const reader = new TileReader(trusted(0), serve(new Map()));
    expect(unwrap(await reader.entries(0, 0))).toEqual([]);
    expect(unwrap(await reader.read((hashes) => treeRoot(0, hashes)))).toEqual(tree.root(0));
    const other = new TileReader({ size: 0, root: tree.root(1) }, serve(new Map()));
    expect(await other.read((hashes) => treeRoot(0, hashes))).toMatchObject({ fault: { code: "root-mismatch" } });
  });

  it("asks for the tiles of a proof only, and once", async () => {
    const asked: string[] = [];
    const reader = new TileReader(trusted(66_000), serve(logOf(66_000), asked));
    const prove = (index: number) => reader.read((hashes) => inclusionProof(index, 66_000, hashes));
    unwrap(await prove(1_000));
    expect(asked.toSorted()).toEqual([
      "tile/0/003",
      "tile/0/257.p/208",
      "tile/1/000",
      "tile/1/001.p/1",
      "tile/2/000.p/1",
    ]);
    unwrap(await prove(1_001));
    expect(asked.length).toBe(5);
    unwrap(await prove(1_024));
    expect(asked.slice(5)).toEqual(["tile/0/004"]);
  });

  it("asks for the bundles of a range and for what vouches for them, and for nothing twice", async () => {
    const asked: string[] = [];
    const reader = new TileReader(trusted(66_000), serve(logOf(66_000), asked));
    unwrap(await reader.entries(300, 2_600));
    const edge = ["tile/0/257.p/208", "tile/1/001.p/1", "tile/2/000.p/1"];
    const bundles = Array.from({ length: 10 }, (_, i) => entriesPath(1 + i));
    expect(asked.toSorted()).toEqual([...edge, "tile/1/000", ...bundles].toSorted());
  });

  it("takes the full tile where the partial one is gone, and of it what the checkpoint covers", async () => {
    const asked: string[] = [];
    const reader = new TileReader(trusted(300), serve(logOf(66_000), asked));
    expect(unwrap(await reader.entries(250, 300))).toEqual(entries.slice(250, 300));
    expect(asked).toContain("tile/0/001.p/44");
    expect(asked).toContain("tile/0/001");
    expect(asked).toContain("tile/entries/001");
  });

  it("says what is missing, unavailable or malformed", async () => {
    const prove = (fetch: FetchTile) =>
      new TileReader(trusted(300), fetch).read((hashes) => inclusionProof(0, 300, hashes));
    expect(await prove(serve(new Map()))).toMatchObject({ fault: { code: "missing" } });
    expect(await prove(async () => err("unavailable", "timed out"))).toMatchObject({
      fault: { code: "unavailable", message: expect.stringContaining("timed out") },
    });
    expect(await prove(async () => ok(new Uint8Array(31)))).toMatchObject({ fault: { code: "malformed" } });
    const reader = new TileReader({ size: 300, root: tree.root(299) }, serve(logOf(300)));
    expect(await reader.entries(0, 1)).toMatchObject({ fault: { code: "root-mismatch" } });
  });

  it("does not read beyond the trusted size", async () => {
    const reader = new TileReader(trusted(300), serve(logOf(66_000)));
    await expect(reader.entries(299, 301)).rejects.toThrow("within the tree");
    await expect(reader.read((hashes) => hashes(0, 300))).rejects.toThrow("complete");
  });
});

describe("a hostile source", () => {
  type Attack = (path: string, honest: Bytes, files: Map<string, () => Bytes>) => Bytes | undefined;

  const attacks: fc.Arbitrary<Attack> = fc.oneof(
    fc.nat().map(
      (bit): Attack =>
        (_, honest) =>
          flipped(honest, bit % (8 * honest.length)),
    ),
    fc.integer({ min: 1, max: 64 }).map(
      (n): Attack =>
        (_, honest) =>
          honest.subarray(0, honest.length - n),
    ),
    fc.uint8Array({ minLength: 1, maxLength: 64 }).map(
      (tail): Attack =>
        (_, honest) =>
          Buffer.concat([honest, tail]),
    ),
    fc.uint8Array({ maxLength: 100 }).map(
      (made): Attack =>
        () =>
          made,
    ),
    fc.nat().map((n): Attack => (path, _, files) => {
      const others = [...files.keys()].filter((other) => other !== path);
      return present(files.get(present(others[n % others.length], "another path")), "another file")();
    }),
    // A whole other log: every hash and entry is well formed and agrees with its neighbours.
    fc.constant<Attack>((path) => forged.get(path)?.()),
    fc.constant<Attack>(() => undefined),
  );

  const size = 1_100;
  const forgedEntries = entriesOf(size).map((entry) => flipped(entry, 0));
  const forgedTree = treeOf(forgedEntries);
  const forged = new Map<string, () => Bytes>();
  for (const tile of newTiles(0, size)) {
    forged.set(tilePath(tile.level, tile.index, tile.width), () => tileBytes(tile, forgedTree.reader));
    if (tile.level > 0) continue;
    const start = tile.index * TILE_WIDTH;
    const part = forgedEntries.slice(start, start + tile.width);
    forged.set(entriesPath(tile.index, tile.width), () => encodeEntryBundle(part));
  }

  it("never has wrong hashes or entries returned, whichever of its answers it changes", async () => {
    const files = logOf(size);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        attacks,
        fc.nat(),
        fc.boolean(),
        fc.nat(size - 1),
        fc.nat(600),
        async (attack, pick, all, at, span) => {
          const target = present([...files.keys()][pick % files.size], "a path");
          const fetch: FetchTile = async (path) => {
            const honest = files.get(path);
            if (honest === undefined) return err("not-found", "404");
            const answer = all || path === target ? attack(path, honest(), files) : honest();
            return answer === undefined ? err("not-found", "404") : ok(answer);
          };
          const reader = new TileReader(trusted(size), fetch);
          const end = Math.min(size, at + span);
          const got = await reader.entries(at, end);
          const honest = entries.slice(at, end);
          expect(got.ok ? got.value : honest).toEqual(honest);
          const proof = await reader.read((hashes) => inclusionProof(at, size, hashes));
          const honestProof = inclusionProof(at, size, tree.reader);
          expect(proof.ok ? proof.value : honestProof).toEqual(honestProof);
          // Where every answer is changed, no proof can be had.
          expect(all && proof.ok).toBe(false);
          if (!got.ok || !proof.ok) refused++;
        },
      ),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it("gains nothing by changing bytes after it has handed them over", async () => {
    const files = logOf(size);
    const handed: Bytes[] = [];
    const fetch: FetchTile = async (path) => {
      const bytes = files.get(path)?.();
      if (bytes === undefined) return err("not-found", "404");
      handed.push(bytes);
      return ok(bytes);
    };
    const reader = new TileReader(trusted(size), fetch);
    const got = unwrap(await reader.entries(0, 300));
    for (const bytes of handed) bytes.fill(0);
    expect(got).toEqual(entries.slice(0, 300));
    expect(unwrap(await reader.read((hashes) => treeRoot(1_024, hashes)))).toEqual(tree.root(1_024));
  });
});
