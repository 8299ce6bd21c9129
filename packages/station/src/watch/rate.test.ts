import { expect, it } from "vitest";
import { Rate } from "./rate.ts";

it("is the amount of the last minute by its seconds, or of the time since the beginning", () => {
  const rate = new Rate(0);
  expect(rate.perSecond(0)).toBe(0);
  rate.add(100, 5000);
  expect(rate.perSecond(10_000)).toBe(10);
  rate.add(500, 60_000);
  expect(rate.perSecond(60_000)).toBe(10);
  expect(rate.perSecond(65_001)).toBe(500 / 60);
  expect(rate.perSecond(120_001)).toBe(0);
});
