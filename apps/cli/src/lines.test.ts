import { collect } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textLines } from "./lines.ts";

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of sizes) yield bytes.subarray(from, (from += size));
  yield bytes.subarray(from);
}

describe("textLines", () => {
  it("are the same however the bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: "grapheme", maxLength: 8 }).map((line) => line.replaceAll("\n", "")),
          { maxLength: 8 },
        ),
        fc.array(fc.nat(5), { maxLength: 20 }),
        async (lines, sizes) => {
          const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
          expect(await collect(textLines("x", inPieces(bytes, sizes), 1000))).toEqual(lines);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("has a last line without an end, and an empty one for what is not UTF-8", async () => {
    const bytes = Uint8Array.of(0xff, 0x0a, 0x61);
    expect(await collect(textLines("x", inPieces(bytes, []), 10))).toEqual(["", "a"]);
  });

  it("refuses a line that would fill the memory, and names it", async () => {
    const bytes = new TextEncoder().encode(`a\n${"b".repeat(20)}`);
    await expect(collect(textLines("x", inPieces(bytes, []), 10))).rejects.toThrow("x:2: the line is longer than 10 B");
  });
});
