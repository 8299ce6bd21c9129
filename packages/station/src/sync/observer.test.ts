import type { Head } from "@detente/record";
import { expect, it } from "vitest";
import type { Clock } from "../clock.ts";
import { until } from "../testing/stations.ts";
import { Observer } from "./observer.ts";

/** Time that passes only while someone sleeps, and then at once. */
class Sleeping implements Clock {
  #now = 1_000_000;

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    await Promise.resolve();
  }
}

const head: Head = { log: "a", size: 1, root: "" };

it("observes the first head promptly, then ten times a second at most, however many come", async () => {
  const clock = new Sleeping();
  const started = clock.now();
  const observed: number[] = [];
  let left = 5;
  const observer = new Observer({
    observable: () => (left > 0 ? [head] : []),
    observe: (heads) => {
      left -= heads.length;
      observed.push(clock.now() - started);
      return Promise.resolve(true);
    },
    clock,
    onFault: (error) => {
      throw error;
    },
  });
  observer.wake();
  await until("all are observed", () => left === 0);
  await observer.stop();
  expect(observed).toEqual([25, 125, 225, 325, 425]);
});
