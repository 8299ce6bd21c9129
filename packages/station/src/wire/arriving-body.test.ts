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

test("pieces come in their order, however pushing and reading alternate, and never too many wait", async () => {
  const KIB = 1024;
  const steps = fc.array(fc.oneof(fc.constant("read" as const), fc.integer({ min: 1, max: 40 * KIB })), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      const { body, told } = bringer();
      const read: Promise<Bytes | undefined>[] = [];
      let pushed = 0;
      let held = 0;
      let isReading = false;
      for (const step of given) {
        if (step === "read") {
          if (isReading) continue;
          const next = body.next();
          isReading = next instanceof Promise;
          read.push(Promise.resolve(next));
          if (!(next instanceof Promise)) held -= next?.length ?? 0;
        } else if (!told.isPaused) {
          if (!isReading) held += step;
          isReading = false;
          body.push(piece(pushed++ % 251, step));
          expect(held).toBeLessThan(64 * KIB + 40 * KIB);
          expect(told.isPaused).toBe(held >= 64 * KIB);
        }
      }
      body.end();
      for (let next = await read.at(-1); read.length === 0 || next !== undefined;) {
        next = await body.next();
        read.push(Promise.resolve(next));
      }
      const all = (await Promise.all(read)).filter((one) => one !== undefined);
      expect(all.map((one) => one[0])).toEqual(Array.from({ length: pushed }, (_, i) => i % 251));
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
