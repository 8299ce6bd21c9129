import { expect, it } from "vitest";
import { ControlledClock } from "./controlled-clock.ts";

const DAY = 86_400_000;

it("never goes back, whoever lets time pass at once with somebody else", async () => {
  const clock = new ControlledClock(0);
  // The short step lets the sleeper run, and the long one is over before the short one goes on.
  const asleep = clock.sleep(10, new AbortController().signal);
  await Promise.all([clock.advance(20), clock.advance(DAY), asleep]);
  expect(clock.now()).toBeGreaterThanOrEqual(DAY);
});
