import { expect, it } from "vitest";
import { fetchedFrom } from "./offered.ts";

const HOUR = 3_600_000;

/** When each set of a partner may be fetched that begins one after so many hours, in hours. */
function fetched(sets: number, every: number): number[] {
  const begun = Array.from({ length: sets }, (_, i) => HOUR * every * i);
  return begun.map((at, i) => Math.max(at, fetchedFrom(begun.slice(0, i))) / HOUR);
}

it("follows a partner through eight epochs a day at once, and lets others wait until the first of them is a day old", () => {
  expect(fetched(20, 3)).toEqual(Array.from({ length: 20 }, (_, i) => 3 * i));
  expect(fetched(11, 1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26]);
});
