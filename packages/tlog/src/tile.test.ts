import { concatBytes, type Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesOf, mth, treeOf } from "./testing/rfc6962.ts";
import { newTiles, partialTiles, tileBytes, tileWidth, type Tile } from "./tile.ts";

/** The width of tile `n` of level `l` in a tree of `s` leaves, by the words of C2SP tlog-tiles, in big integers. */
function specifiedWidth(l: number, n: number, s: number): number {
  const hashes = BigInt(s) / 256n ** BigInt(l);
  const full = hashes / 256n;
  return BigInt(n) < full ? 256 : BigInt(n) === full ? Number(hashes % 256n) : 0;
}

describe("the tiles of a size", () => {
  it("are those of the examples in the specification", () => {
    const tiles = [...newTiles(0, 70_000)];
    const count = (level: number, width: number) =>
      tiles.filter((tile) => tile.level === level && tile.width === width).length;
    expect(tiles.length).toBe(273 + 1 + 1 + 1 + 1);
    expect(count(0, 256)).toBe(273);
    expect(tiles[273]).toEqual({ level: 0, index: 273, width: 112 });
    expect(count(1, 256)).toBe(1);
    expect(tiles[275]).toEqual({ level: 1, index: 1, width: 17 });
    expect(tiles[276]).toEqual({ level: 2, index: 0, width: 1 });
    expect([...newTiles(0, 256)]).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
    expect([...newTiles(0, 0)]).toEqual([]);
    expect(partialTiles(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect(partialTiles(70_000)).toEqual([
      { level: 2, index: 0, width: 1 },
      { level: 1, index: 1, width: 17 },
      { level: 0, index: 273, width: 112 },
    ]);
  });

  it("have the width of the specification's formula, also beyond 2^31", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(9), fc.maxSafeNat(), fc.integer({ min: -2, max: 2 }), (s, l, n, near) => {
        expect(tileWidth(l, n, s)).toBe(specifiedWidth(l, n, s));
        const edge = Math.max(0, Number(BigInt(s) / 256n ** BigInt(l + 1)) + near);
        expect(tileWidth(l, edge, s)).toBe(specifiedWidth(l, edge, s));
      }),
    );
    expect(partialTiles(2 ** 53 - 1).map((tile) => tile.width)).toEqual([31, 255, 255, 255, 255, 255, 255]);
    expect(tileWidth(63, 0, 2 ** 53 - 1)).toBe(0);
  });

  it("grow from size to size into what they are from the beginning", () => {
    const key = (tile: Tile) => `${tile.level}/${tile.index}`;
    fc.assert(
      fc.property(fc.nat(140_000), fc.nat(140_000), (a, b) => {
        const [oldSize, newSize] = [Math.min(a, b), Math.max(a, b)];
        const grown = new Map([...newTiles(0, oldSize)].map((tile) => [key(tile), tile]));
        for (const tile of newTiles(oldSize, newSize)) {
          expect(tile.width).toBeGreaterThan(grown.get(key(tile))?.width ?? 0);
          grown.set(key(tile), tile);
        }
        const whole = new Map([...newTiles(0, newSize)].map((tile) => [key(tile), tile]));
        expect(grown).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });
});

describe("the bytes of a tile", () => {
  const entries = entriesOf(1_300);
  const tree = treeOf(entries);

  it("are the hashes of the specification's formula", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: entries.length }), (size) => {
        for (const tile of newTiles(Math.max(0, size - 300), size)) {
          const span = 256 ** tile.level;
          const hashes: Bytes[] = [];
          for (let i = 0; i < tile.width; i++) {
            const at = tile.index * 256 + i;
            hashes.push(mth(entries.slice(at * span, (at + 1) * span)));
          }
          expect(tileBytes(tile, tree.reader)).toEqual(concatBytes(...hashes));
        }
      }),
      { numRuns: 20 },
    );
  });
});
