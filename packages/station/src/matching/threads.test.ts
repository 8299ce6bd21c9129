import { channel } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { toHex } from "@detente/basics";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { MatchThreads } from "./threads.ts";

let threads: MatchThreads;
beforeAll(() => {
  threads = new MatchThreads(2);
});
afterAll(() => threads.close());

const seed = new Uint8Array(32).fill(0xa3);

it("give the same whichever does the work", async () => {
  const { key, publicKey } = await threads.run("derive", seed);
  const inputs = ["domain:a.example", "domain:b.example", "domain:c.example"];
  const runs = await Promise.all(Array.from({ length: 5 }, () => threads.run("evaluate", { key, inputs })));
  expect(new Set(runs.map((outputs) => outputs.map(toHex).join())).size).toBe(1);
  expect((await threads.run("derive", seed)).publicKey).toEqual(publicKey);
});

it("give the same as this thread gives for a single element", async () => {
  const { key } = await threads.run("derive", seed);
  const order = { key, inputs: ["domain:a.example"] };
  const [here, there] = [await threads.runFor(1, "evaluate", order), await threads.run("evaluate", order)];
  expect(here.map(toHex)).toEqual(there.map(toHex));
  expect((await threads.runFor(16, "evaluate", order)).map(toHex)).toEqual(there.map(toHex));
});

it("tell of a broken invariant, and go on", async () => {
  await expect(threads.run("derive", new Uint8Array(3))).rejects.toThrow("a seed has 32 bytes");
  expect((await threads.run("derive", seed)).key).toHaveLength(32);
});

it("leave nobody waiting when they end", async () => {
  const own = new MatchThreads(1);
  const inputs = Array.from({ length: 2000 }, (_, i) => `domain:${i}.example`);
  const waiting = [1, 2, 3].map(() => own.run("evaluate", { key: seed.slice().fill(0, 31), inputs }));
  const ended = Promise.allSettled(waiting);
  await own.close();
  expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
});

it("keep nothing in memory after they were renewed, and lose no work", async () => {
  const own = new MatchThreads(2);
  const ends: Promise<unknown>[] = [];
  const onThread = (message: unknown): void => {
    ends.push(once((message as { worker: Worker }).worker, "exit"));
  };
  channel("worker_threads").subscribe(onThread);
  const { key } = await own.run("derive", seed);
  expect(ends).toHaveLength(1);
  // One thread is idle again, or at work, the other is at work.
  const inputs = Array.from({ length: 100 }, (_, i) => `domain:${i}.example`);
  const working = [1, 2].map(() => own.run("evaluate", { key, inputs }));
  expect(ends).toHaveLength(2);
  const waiting = own.run("derive", seed);
  own.renew();
  const [first, second] = await Promise.all(working);
  expect(first?.map(toHex)).toEqual(second?.map(toHex));
  await Promise.all(ends.slice(0, 2));
  expect((await waiting).key).toEqual(key);
  expect(ends.length).toBeGreaterThan(2);
  own.renew();
  await Promise.all(ends);
  expect((await own.run("derive", seed)).key).toEqual(key);
  channel("worker_threads").unsubscribe(onThread);
  await own.close();
});

it("take another memory in this thread, too, after they were renewed", async () => {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: { Instance: new () => object } };
  const memories = vi.spyOn(WebAssembly, "Instance");
  const own = new MatchThreads(1);
  try {
    const { key } = await threads.run("derive", seed);
    const order = { key, inputs: ["domain:a.example"] };
    const first = await own.runFor(1, "evaluate", order);
    await own.runFor(1, "evaluate", order);
    expect(memories).toHaveBeenCalledTimes(1);
    own.renew();
    expect(await own.runFor(1, "evaluate", order)).toEqual(first);
    expect(memories).toHaveBeenCalledTimes(2);
  } finally {
    memories.mockRestore();
    await own.close();
  }
});
