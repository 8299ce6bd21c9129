import { expect, it } from "vitest";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "./job.ts";

/** A clock on which a sleep ends only when it is told to. */
const clock: Clock = {
  now: () => 0,
  sleep: (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())),
};

it("runs again at once where it was hurried during a step that would pause", async () => {
  const steps: (() => void)[] = [];
  const begun: (() => void)[] = [];
  const next = (): Promise<void> => new Promise((resolve) => begun.push(resolve));
  const step = (): Promise<StepOutcome> =>
    new Promise((resolve) => {
      steps.push(() => resolve({ retryAfter: 3_600_000 }));
      begun.shift()?.();
    });
  const job = new Job(clock, step, (error) => expect.unreachable(String(error)));
  const first = next();
  job.wake();
  await first;
  const second = next();
  job.wake({ hurry: true });
  steps[0]?.();
  await second;
  // What is no hurry waits for the pause to be over.
  job.wake();
  steps[1]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(steps).toHaveLength(2);
  const third = next();
  job.wake({ hurry: true });
  await third;
  steps[2]?.();
  await job.stop();
  expect(steps).toHaveLength(3);
});
