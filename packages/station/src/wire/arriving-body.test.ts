import type { Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ArrivingBody } from "./arriving-body.ts";

/** Whoever brings a body, and heeds what it is told. */
function bringer(): { body: ArrivingBody; told: { isPaused: boolean; cancelled: number } } {
  const told = { isPaused: false, cancelled: 0 };
  const body = new ArrivingBody({
    pause: () => (told.isPaused = true),
    resume: () => (told.isPaused = false),
    cancel: () => told.cancelled++,
  });
  return { body, told };
}

const piece = (first: number, length = 1): Bytes => new Uint8Array(length).fill(first);

const AHEAD = 64 * 1024;

test("pieces come in their order, however pushing and reading alternate, and it is said when enough wait", async () => {
  const steps = fc.array(fc.oneof(fc.constant("read" as const), fc.integer({ min: 1, max: AHEAD })), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const { body, told } = bringer();
      const read: (Bytes | undefined)[] = [];
      const pushed: number[] = [];
      const paused: [boolean, boolean][] = [];
      let waiting: Promise<number> | undefined;
      let held = 0;
      for (const step of given) {
        if (step === "read") {
          // Nobody asks again who still waits.
          if (waiting !== undefined) continue;
          const next = body.next();
          if (next instanceof Promise) waiting = next.then((one) => read.push(one));
          else held -= read[read.push(next) - 1]?.length ?? 0;
        } else if (!told.isPaused) {
          if (waiting === undefined) held += step;
          body.push(piece(pushed.push(step) - 1, step));
          await waiting;
          waiting = undefined;
        }
        paused.push([told.isPaused, held >= AHEAD]);
      }
      body.end();
      await waiting;
      while (read.at(-1) !== undefined || read.length === 0) read.push(await body.next());
      expect(read.slice(0, -1).map((one) => [one?.[0], one?.length])).toEqual(pushed.map((length, i) => [i, length]));
      // It goes on only once nothing waits.
      for (const [is, must] of paused) expect(is || !must).toBe(true);
      expect(told.isPaused).toBe(false);
    }),
  );
});

test("the end is the end, whether it is waited for or not", async () => {
  const before = bringer().body;
  before.end();
  expect(before.next()).toBeUndefined();
  const waited = bringer().body;
  const next = waited.next();
  waited.end();
  expect(await next).toBeUndefined();
});

test("a body that broke off gives what had come, and then the error; one that has ended cannot break off", async () => {
  const broken = new Error("reset");
  const { body } = bringer();
  body.push(piece(1));
  body.fail(broken);
  expect(body.next()).toEqual(piece(1));
  await expect(body.next()).rejects.toBe(broken);
  const waited = bringer().body;
  const next = waited.next();
  waited.fail(broken);
  await expect(next).rejects.toBe(broken);
  const whole = bringer().body;
  whole.end();
  whole.fail(broken);
  expect(whole.next()).toBeUndefined();
});
