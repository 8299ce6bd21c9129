import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Context } from "../context.ts";
import { bars, blocksFor, TimeBins, timeline } from "./plot.ts";

const blocks = (env: Readonly<Record<string, string>>): ReturnType<typeof blocksFor> =>
  blocksFor({ process: { env } } as unknown as Context);
const UTF8 = blocks({ LANG: "C.UTF-8" });
const ASCII = blocks({});

describe("blocksFor", () => {
  it("goes by the locale that counts", () => {
    expect(blocks({ LC_ALL: "C", LANG: "C.UTF-8" })).toBe(ASCII);
    expect(blocks({ LC_ALL: "", LC_CTYPE: "en_GB.utf8" })).toBe(UTF8);
    expect(blocks({ LANG: "C.UTF-8", TERM: "dumb" })).toBe(ASCII);
  });
});

describe("bars", () => {
  it("are as long as their parts of the largest, the smallest still to be seen", () => {
    const rows = [
      ["most", 240],
      ["half", 120],
      ["eighth", 1],
    ] as const;
    expect(bars(rows, UTF8)).toEqual([
      `most    ${"█".repeat(30)}  240`,
      `half    ${"█".repeat(15)}${" ".repeat(15)}  120`,
      `eighth  ▏${" ".repeat(29)}  1`,
    ]);
    expect(bars(rows, ASCII)[1]).toBe(`half    ${"#".repeat(15)}${" ".repeat(15)}  120`);
  });
});

describe("TimeBins", () => {
  it("count every time in at most sixty bins, which cover them", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1, maxLength: 200 }), (times) => {
        const bins = new TimeBins();
        for (const time of times) bins.add(time);
        const histogram = bins.histogram();
        if (histogram === undefined) return;
        const { counts, from, to } = histogram;
        expect(counts.length).toBeLessThanOrEqual(60);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(times.length);
        expect(from).toBeLessThanOrEqual(Math.min(...times));
        expect(to).toBeGreaterThan(Math.max(...times));
      }),
      { numRuns: 200 },
    );
  });

  it("draw a timeline", () => {
    const bins = new TimeBins();
    for (const second of [0, 0, 0, 0, 1, 3, 3]) bins.add(second * 1000);
    const histogram = bins.histogram();
    expect(histogram && timeline(histogram, UTF8)).toBe("1970-01-01 00:00:00Z |█▂ ▄| 1970-01-01 00:00:04Z");
  });
});
