import { expect, it } from "vitest";
import { assert, present } from "./assert.ts";
import { err, ok, unwrap } from "./result.ts";

it("unwraps a value, and throws a fault's code and message", () => {
  expect(unwrap(ok(1))).toBe(1);
  expect(() => unwrap(err("too-large", "a leaf of 20 KiB"))).toThrow("too-large: a leaf of 20 KiB");
});

it("throws on broken invariants", () => {
  expect(present(0, "size")).toBe(0);
  expect(() => present(undefined, "size")).toThrow("size is missing");
  expect(() => assert(false, "sizes grow")).toThrow("invariant broken: sizes grow");
});
