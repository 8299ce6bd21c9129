import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineCuts } from "./cuts.ts";
import type { FileReader } from "./file-state.ts";

/** Gives at most `most` bytes a read, as file systems may. */
function fileOf(bytes: Uint8Array, most: number): FileReader {
  return {
    read(buffer, offset, length, position) {
      const part = bytes.subarray(position, position + Math.min(length, most));
      buffer.set(part, offset);
      return Promise.resolve({ bytesRead: part.length });
    },
  };
}

const cutsOf = (text: string, length: number, most = 3): Promise<number[]> =>
  lineCuts(fileOf(Buffer.from(text, "latin1"), most), text.length, length);

describe("lineCuts", () => {
  it("cuts at the first start of a line from the length on", async () => {
    expect(await cutsOf("aa\nbb\ncc\ndd\n", 4)).toEqual([6]);
    expect(await cutsOf("aa\nbb\ncc\ndd\n", 3)).toEqual([3, 6, 9]);
    expect(await cutsOf("aa\nbb\ncc\ndd", 5)).toEqual([6]);
  });

  it("does not cut where no line begins behind", async () => {
    expect(await cutsOf("a line that is longer than a segment", 4)).toEqual([]);
    expect(await cutsOf("a line that is longer than a segment\n", 4)).toEqual([]);
    expect(await cutsOf("", 4)).toEqual([]);
  });

  it("leaves every line in one segment, and none empty", async () => {
    const log = fc.array(fc.constantFrom("\n", "a", "bc"), { maxLength: 60 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 9 }),
        async (text, length, most) => {
          const cuts = await cutsOf(text, length, most);
          const starts = [0, ...cuts, text.length];
          const parts = starts.slice(1).map((end, i) => text.slice(starts[i], end));
          expect(parts.join("")).toBe(text);
          for (const part of parts.slice(0, -1)) {
            expect(part.endsWith("\n")).toBe(true);
            // No shorter part would have been long enough: all but its last line is.
            expect(part.length).toBeGreaterThanOrEqual(length);
            expect(part.slice(0, -1).lastIndexOf("\n") + 1).toBeLessThan(length);
          }
        },
      ),
    );
  });
});
