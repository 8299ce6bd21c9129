import { generateIntelligence, generateTelemetry } from "@detente/intel";
import type { Hit, Screener, ScreeningSummary } from "@detente/screen";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { listOf } from "../testing/desk.ts";
import { WatchList } from "../watch-list/watch-list.ts";
import { ScreeningThread } from "./screening-thread.ts";

const START = Date.UTC(2026, 9, 1, 6);
const intelligence = generateIntelligence("thread", 200, START);
const list = new WatchList(intelligence.map(({ kind, value }) => ({ kind, value, ref: `${kind} ${value}` })));
const logs = generateTelemetry({
  seed: "thread",
  items: intelligence,
  lines: 300,
  hitsPerMille: 100,
  start: START,
}).map(({ text }) => text);

const thread = new ScreeningThread();
afterAll(() => thread.close());

async function* pieces(text: string, sizes: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  let from = 0;
  for (const size of sizes) yield bytes.subarray(from, (from += size));
  yield bytes.subarray(from);
}

async function outcome<Ref>(
  screener: Screener<Ref>,
  source: AsyncIterable<Uint8Array>,
): Promise<{ hits: Hit<Ref>[]; summary: ScreeningSummary<Ref> }> {
  const screening = screener.screen(source, { name: "log" });
  const hits: Hit<Ref>[] = [];
  for await (const hit of screening) hits.push(hit);
  return { hits, summary: screening.summary() };
}

describe("a screening thread", () => {
  it("finds what the list's own screener finds, however the bytes come", async () => {
    for (const log of logs) {
      expect(await outcome(thread.screener(list), pieces(log))).toEqual(await outcome(list.screener, pieces(log)));
    }
    const [log = ""] = logs;
    const expected = await outcome(list.screener, pieces(log));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9000), { maxLength: 20 }), async (sizes) => {
        expect((await outcome(thread.screener(list), pieces(log, sizes))).hits).toEqual(expected.hits);
      }),
      { numRuns: 10 },
    );
  });

  it("takes turns between logs and between more lists than it keeps ready", async () => {
    const numbers = [0, 1, 2, 3, 4, 5, 0, 5, 1];
    const lists = numbers.map((number) => listOf(`n${number}.example`));
    const text = numbers.map((number) => `n${number}.example\n`).join("");
    for (let round = 0; round < 2; round++) {
      const found = await Promise.all(lists.map((each) => outcome(thread.screener(each), pieces(text, [5, 5, 5]))));
      expect(found.map(({ hits }) => [...new Set(hits.map(({ match }) => match))])).toEqual(
        numbers.map((number) => [`n${number}.example`]),
      );
    }
  });

  it("fails as its source does, and goes on with the next, also where nobody asked for the rest", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("n1.evil.example\n");
      throw new Error("cut while it was read");
    }
    const evil = listOf("evil.example");
    await expect(outcome(thread.screener(evil), failing())).rejects.toThrow("cut while it was read");
    for await (const hit of thread.screener(evil).screen(pieces("evil.example\n".repeat(10_000)), { name: "log" })) {
      expect(hit.line).toBe(1);
      break;
    }
    expect((await outcome(thread.screener(evil), pieces("evil.example\n"))).hits).toHaveLength(1);
  });

  it("leaves the thread that asks free to do other things meanwhile", async () => {
    const text = "n1.evil.example\n".repeat(20_000);
    const evil = listOf("evil.example");
    /** Turns of this thread between its giving a chunk away and the first hit. */
    const turns = async (screener: Screener<string>): Promise<number> => {
      let count = 0;
      let isOver = false;
      const tick = (): void => {
        count++;
        if (!isOver) setImmediate(tick);
      };
      setImmediate(tick);
      for await (const _ of screener.screen(pieces(text), { name: "log", format: "text" })) isOver = true;
      return count;
    };
    await turns(thread.screener(evil));
    expect(await turns(evil.screener)).toBeLessThan(5);
    // On a busy machine the other thread may be done before this one has its turn, but not each time.
    await expect.poll(() => turns(thread.screener(evil))).toBeGreaterThan(5);
  });
});
