import * as fc from "fast-check";
import { expect, it } from "vitest";
import { Flattened } from "./flattened.ts";

it("gives what flat() gives, and asks for a batch when the one before was taken", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 6 }), async (batches) => {
      const seen: number[] = [];
      const given = new Flattened(
        (async function* () {
          for (const [i, batch] of batches.entries()) {
            expect(seen).toEqual(batches.slice(0, i).flat());
            yield batch;
          }
          return undefined;
        })(),
      );
      for await (const element of given) seen.push(element);
      expect(seen).toEqual(batches.flat());
      expect(await given.next()).toEqual({ done: true, value: undefined });
    }),
    { numRuns: 50 },
  );
});

/** Batches that note when they are closed. */
function batchesOf(batch: Iterable<number>, closed: string[]): Flattened<number> {
  return new Flattened(
    (async function* () {
      try {
        yield batch;
      } finally {
        closed.push("batches");
      }
      return undefined;
    })(),
  );
}

it("closes what is open when nobody goes on, or when a batch fails", async () => {
  const closed: string[] = [];
  const open = function* (): Generator<number, undefined> {
    try {
      yield 1;
      throw new Error("no disk");
    } finally {
      closed.push("batch");
    }
  };
  for await (const element of batchesOf(open(), closed)) if (element === 1) break;
  expect(closed.splice(0)).toEqual(["batch", "batches"]);
  const failing = batchesOf(open(), closed);
  expect(await failing.next()).toEqual({ done: false, value: 1 });
  await expect(failing.next()).rejects.toThrow("no disk");
  expect(closed).toEqual(["batch", "batches"]);
  expect((await failing.next()).done).toBe(true);
});

it("is not asked twice at a time", async () => {
  const given = batchesOf([1, 2], []);
  const first = given.next();
  expect(() => given.next()).toThrow("before the last one has come");
  expect((await first).value).toBe(1);
});

it("waits for an element behind many empty batches no longer than behind one", async () => {
  let turns = 0;
  let isDone = false;
  const countTurns = (): void => {
    if (isDone) return;
    turns++;
    queueMicrotask(countTurns);
  };
  const given = new Flattened(
    (async function* () {
      for (let i = 0; i < 1000; i++) yield [];
      countTurns();
      yield [1];
      return undefined;
    })(),
  );
  expect(await given.next()).toEqual({ done: false, value: 1 });
  isDone = true;
  // A promise for each of them, that resolves the one before, would take a turn each, and the memory of all of them.
  expect(turns).toBeLessThan(100);
});
