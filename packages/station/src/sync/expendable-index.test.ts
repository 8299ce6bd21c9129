import type { IndexBatch, IndexWriter } from "@detente/store";
import { expect, test } from "vitest";
import { expendableIndex } from "./expendable-index.ts";

test("what the index takes is written; from its first failure on nothing is, and that is told once", async () => {
  const written: IndexBatch[] = [];
  let full = false;
  const disk: IndexWriter = {
    async add(batch) {
      if (full) throw new Error("disk full");
      written.push(batch);
    },
    removeItems: () => Promise.reject(new Error("disk full")),
    setWithdrawn: () => Promise.reject(new Error("disk full")),
    setStanding: () => Promise.reject(new Error("disk full")),
  };
  const told: unknown[] = [];
  const index = expendableIndex(disk, (error) => told.push(error));
  await index.add({ items: [] });
  full = true;
  await index.add({ statements: [] });
  full = false;
  await index.add({ sightings: [] });
  await index.removeItems(new Uint8Array(32));
  await index.setWithdrawn(new Uint8Array(32), true);
  expect(written).toEqual([{ items: [] }]);
  expect(told).toEqual([new Error("disk full")]);
});
