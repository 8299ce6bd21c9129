import { expect, test } from "vitest";
import { Lru } from "./lru.ts";

test("what was used last stays within the budget; one value that exceeds it alone is kept", () => {
  const lru = new Lru<number>(10);
  lru.set("a", 1, 4);
  lru.set("b", 2, 4);
  expect(lru.get("a")).toBe(1);
  lru.set("c", 3, 4);
  expect([lru.get("a"), lru.get("b"), lru.get("c")]).toEqual([1, undefined, 3]);
  lru.set("c", 4, 6);
  expect([lru.get("a"), lru.get("c")]).toEqual([1, 4]);
  lru.set("d", 5, 100);
  expect([lru.get("a"), lru.get("c"), lru.get("d")]).toEqual([undefined, undefined, 5]);
});
