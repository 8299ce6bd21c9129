import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logOf, type MemoryLog, ORIGIN } from "../test/memory-log.ts";
import { add, witnessBench } from "../test/witness-bench.ts";
import { MemoryHeadStore } from "./head-store.ts";
import type { WitnessState } from "./witness.ts";

describe("concurrent requests", () => {
  /** Storage that takes its time, so that all requests read before any writes. */
  class SlowStore extends MemoryHeadStore<WitnessState> {
    override async get(origin: string): Promise<WitnessState | undefined> {
      const state = await super.get(origin);
      for (let i = 0; i < 10; i++) await Promise.resolve();
      return state;
    }

    override async compareAndSet(
      origin: string,
      expected: WitnessState | undefined,
      next: WitnessState,
    ): Promise<boolean> {
      for (let i = 0; i < 10; i++) await Promise.resolve();
      return super.compareAndSet(origin, expected, next);
    }
  }

  test("of two forks submitted at once, only one is cosigned", async () => {
    const { witness, suspicions } = witnessBench(new SlowStore());
    const answers = await Promise.all([
      add(witness, await logOf(8), 0, 8),
      add(witness, await logOf(8, "fork", 5), 0, 8),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
    expect(suspicions.map(({ kind }) => kind)).toEqual(["other-root"]);
  });

  test("of two forks that grow from one cosigned tree, only one is cosigned", async () => {
    const { witness } = witnessBench(new SlowStore());
    const log = await logOf(8);
    await add(witness, log, 0, 5);
    const answers = await Promise.all([add(witness, log, 5, 8), add(witness, await logOf(9, "fork", 5), 5, 9)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  });

  test("two who ask for the same checkpoint again both get it", async () => {
    const { witness } = witnessBench(new SlowStore());
    const log = await logOf(5);
    await add(witness, log, 0, 5);
    const answers = await Promise.all([add(witness, log, 5, 5), add(witness, log, 5, 5)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("whatever is offered in whatever order, all that is cosigned is one growing log", async () => {
    const main = await logOf(12);
    const fork = await logOf(12, "fork", 6);
    const request = fc.record({ forked: fc.boolean(), oldSize: fc.nat(12), size: fc.nat(12) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(request, { maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
        const { witness, store } = witnessBench(new SlowStore());
        const cosigned: { log: MemoryLog; size: number }[] = [];
        for (const round of rounds) {
          const answers = await Promise.all(
            round.map(async ({ forked, oldSize, size }) => {
              const log = forked ? fork : main;
              const from = Math.min(oldSize, size);
              return { log, size, status: (await add(witness, log, from, size)).status };
            }),
          );
          cosigned.push(...answers.filter(({ status }) => status === 200));
        }
        const last = await store.get(ORIGIN);
        for (const { log, size } of cosigned) {
          const [a, b] = [log.tree.root(size), main.tree.root(size)];
          const inMain = Buffer.compare(a, b) === 0;
          const lastInMain = last === undefined || Buffer.compare(last.root, main.tree.root(last.size)) === 0;
          expect(size <= (last?.size ?? 0)).toBe(true);
          expect(size <= 6 || inMain === lastInMain).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("the answer comes only after the state is stored", async () => {
    const events: string[] = [];
    class Noting extends SlowStore {
      override async compareAndSet(
        origin: string,
        expected: WitnessState | undefined,
        next: WitnessState,
      ): Promise<boolean> {
        const set = await super.compareAndSet(origin, expected, next);
        events.push("stored");
        return set;
      }
    }
    const { witness } = witnessBench(new Noting());
    await add(witness, await logOf(3), 0, 3).then(() => events.push("answered"));
    expect(events).toEqual(["stored", "answered"]);
  });

  test("where storage fails, nothing is answered", async () => {
    class Broken extends MemoryHeadStore<WitnessState> {
      override compareAndSet(): Promise<boolean> {
        return Promise.reject(new Error("disk"));
      }
    }
    await expect(add(witnessBench(new Broken()).witness, await logOf(3), 0, 3)).rejects.toThrow("disk");
  });
});
