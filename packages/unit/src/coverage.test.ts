import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Coverage } from "./coverage.ts";

const spans = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 12 });

test("covers exactly the milliseconds of its spans, in any order", () => {
  fc.assert(
    fc.property(spans, (added) => {
      const milliseconds = new Set<number>();
      for (const [from, to] of added) for (let at = from; at < to; at++) milliseconds.add(at);
      const coverage = new Coverage();
      for (const [from, to] of added) coverage.add(from, to);
      const reversed = new Coverage();
      for (const [from, to] of added.toReversed()) reversed.add(from, to);
      expect(coverage.total).toBe(milliseconds.size);
      expect(reversed.total).toBe(milliseconds.size);
    }),
  );
});
