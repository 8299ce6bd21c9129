import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Sightline } from "./sightline.ts";

const observations = fc.uniqueArray(fc.record({ size: fc.nat(20), index: fc.nat(20), at: fc.nat(1000) }), {
  maxLength: 12,
  selector: ({ index }) => index,
});

test("knows the first observation that covers an entry, whatever the order of arrival", () => {
  fc.assert(
    fc.property(observations, fc.nat(20), (made, entry) => {
      const sightline = new Sightline();
      for (const { size, index, at } of made) sightline.add(size, index, at);
      const [first] = made.filter(({ size }) => size > entry).sort((a, b) => a.index - b.index);
      expect(sightline.firstCovering(entry)).toBe(first?.at);
      expect(sightline.size).toBe(Math.max(0, ...made.map(({ size }) => size)));
    }),
  );
});
