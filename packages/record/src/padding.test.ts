import * as fc from "fast-check";
import { expect, it } from "vitest";
import { isSizeClass, sizeClass } from "./padding.ts";

it("pads to the next power of two from 512", () => {
  expect([0, 1, 511, 512, 513, 1024, 1025, 1_048_576].map(sizeClass)).toEqual([
    512, 512, 512, 512, 1024, 1024, 2048, 1_048_576,
  ]);
});

it("admits size classes and nothing else", () => {
  const classes = Array.from({ length: 12 }, (_, i) => 2 ** (9 + i));
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...classes), fc.nat({ max: 2 ** 22 })), (size) => {
      expect(isSizeClass(size)).toBe(classes.includes(size));
    }),
  );
});
