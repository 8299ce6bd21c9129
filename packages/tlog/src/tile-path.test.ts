import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesPath, parseEntriesPath, parseTilePath, tilePath } from "./tile-path.ts";

describe("paths of tiles and bundles", () => {
  it("are written as in C2SP tlog-tiles", () => {
    expect(tilePath(0, 1_234_067)).toBe("tile/0/x001/x234/067");
    expect(tilePath(63, 5, 1)).toBe("tile/63/005.p/1");
    expect(tilePath(1, 1000, 255)).toBe("tile/1/x001/000.p/255");
    expect(entriesPath(273, 112)).toBe("tile/entries/273.p/112");
    expect(entriesPath(0)).toBe("tile/entries/000");
    expect(tilePath(0, Number.MAX_SAFE_INTEGER)).toBe("tile/0/x009/x007/x199/x254/x740/991");
  });

  it("are read back", () => {
    const index = fc.oneof(fc.nat(2_000), fc.maxSafeNat());
    fc.assert(
      fc.property(fc.nat(63), index, fc.integer({ min: 1, max: 256 }), (level, n, width) => {
        expect(parseTilePath(tilePath(level, n, width))).toEqual({ ok: true, value: { level, index: n, width } });
        expect(parseEntriesPath(entriesPath(n, width))).toEqual({ ok: true, value: { index: n, width } });
      }),
    );
  });

  it.each([
    "",
    "tile",
    "tile/0",
    "tile/0/",
    "/tile/0/000",
    "tile/0/000/",
    "tile/0/000\n",
    " tile/0/000",
    "tiles/0/000",
    "tile/64/000",
    "tile/00/000",
    "tile/01/000",
    "tile/-1/000",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/0/x000/001",
    "tile/0/x000",
    "tile/0/001/000",
    "tile/0/x01/000",
    "tile/0/X001/000",
    "tile/0/x001//000",
    "tile/0/x001/x000",
    "tile/0/٠٠٠",
    "tile/0/x009/x007/x199/x254/x740/992",
    "tile/0/x001/x000/x000/x000/x000/x000/000",
    "tile/0/000.p",
    "tile/0/000.p/",
    "tile/0/000.p/0",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p/1000",
    "tile/0/000.p/-1",
    "tile/0/000.p/1/",
    "tile/0/000.p/1.p/1",
    "tile/0/../000",
    "tile/0/%30%30%30",
    "tile/entries/000?x",
    "tile/8/data/000",
  ])("no other is: %j", (path) => {
    expect(parseTilePath(path)).toMatchObject({ ok: false, fault: { code: "path" } });
    expect(parseEntriesPath(path.replace(/^tile\/0\//, "tile/entries/"))).toMatchObject({ ok: false });
  });

  it("of anything: what is read is what is written", () => {
    const pieces = ["tile", "entries", "/", "x", "0", "1", "9", "000", "x000/", "x001/", ".p/", "255", "256"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (chosen) => {
        const path = chosen.join("");
        const tile = parseTilePath(path);
        expect(tile.ok ? tilePath(tile.value.level, tile.value.index, tile.value.width) : path).toBe(path);
        const bundle = parseEntriesPath(path);
        expect(bundle.ok ? entriesPath(bundle.value.index, bundle.value.width) : path).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });

  it("of no tile are not made", () => {
    expect(() => tilePath(64, 0)).toThrow("64");
    expect(() => tilePath(0, -1)).toThrow("-1");
    expect(() => tilePath(0, 2 ** 53)).toThrow("tile index");
    expect(() => tilePath(0, 0, 0)).toThrow("width");
    expect(() => entriesPath(0, 257)).toThrow("width");
  });
});
