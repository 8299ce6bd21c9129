import { expect, test } from "vitest";
import { Lru } from "./lru.ts";

test("what was used last stays within the budget; one value that exceeds it alone is kept", () => {
  const lru = new Lru<number>(10);
  lru.set(1, 1, 4);
  lru.set(2, 2, 4);
  expect(lru.get(1)).toBe(1);
  lru.set(3, 3, 4);
  expect([lru.get(1), lru.get(2), lru.get(3)]).toEqual([1, undefined, 3]);
  lru.set(3, 4, 6);
  expect([lru.get(1), lru.get(3)]).toEqual([1, 4]);
  lru.set(4, 5, 100);
  expect([lru.get(1), lru.get(3), lru.get(4)]).toEqual([undefined, undefined, 5]);
});
