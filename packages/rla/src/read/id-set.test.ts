import * as fc from "fast-check";
import { expect, it } from "vitest";
import { IdSet } from "./id-set.ts";

it("knows what a Set knows", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (ids) => {
      const [ours, set] = [new IdSet(), new Set<string>()];
      for (const id of ids) expect(ours.add(id)).toBe(set.size < set.add(id).size);
    }),
    { numRuns: 50 },
  );
});

it("takes no two of many alike ids for one, as it grows", () => {
  const ids = new IdSet();
  let known = 0;
  for (let i = 0; i < 200_000; i++) if (!ids.add(`${100 + (i % 40)}-${Math.floor(i / 9000)}-${i}`)) known++;
  for (let i = 0; i < 200_000; i++) if (!ids.add(`${100 + (i % 40)}-${Math.floor(i / 9000)}-${i}`)) known++;
  expect(known).toBe(200_000);
});
