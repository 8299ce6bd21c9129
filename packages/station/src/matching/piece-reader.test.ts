import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PieceReader } from "./piece-reader.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(`${tmpdir()}/pieces-`);
});
afterAll(() => rmSync(dir, { recursive: true }));

it("reads what is in the file from place to place, and zeros beyond its end, whatever the pieces", () => {
  const steps = fc.array(fc.record({ skip: fc.nat(20), take: fc.integer({ min: 1, max: 8 }) }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), steps, fc.integer({ min: 8, max: 40 }), (content, taken, size) => {
      writeFileSync(`${dir}/file`, content);
      const all = new Uint8Array(1000);
      all.set(content);
      const reader = new PieceReader(`${dir}/file`, size);
      let at = 0;
      for (const { skip, take } of taken) {
        reader.skip(skip);
        at += skip;
        expect([...reader.next(take)]).toEqual([...all.subarray(at, at + take)]);
        at += take;
      }
      reader.close();
    }),
    { numRuns: 100 },
  );
});
