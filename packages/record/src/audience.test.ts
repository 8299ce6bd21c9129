import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { audienceKey, isAudience, isEntitled } from "./audience.ts";

const members = new Set(["north", "south", "west"]);

describe("audience", () => {
  it.each([["unit"], [["north"]], [["north", "south"]], [["a", "unit"]]])("%j is one", (value) => {
    expect(isAudience(value)).toBe(true);
  });

  it.each([
    [[]],
    [""],
    ["everyone"],
    ["Unit"],
    [null],
    [undefined],
    [0],
    [{}],
    [{ length: 1, 0: "north" }],
    [["south", "north"]],
    [["north", "north"]],
    [["North"]],
    [["north "]],
    [[""]],
    [["x".repeat(33)]],
    [[["north"]]],
    [["north", null]],
    [Array.from({ length: 65 }, (_, i) => `p${String(i).padStart(2, "0")}`)],
  ])("%j is none, and reaches nobody", (value) => {
    expect(isAudience(value)).toBe(false);
    for (const member of members) expect(isEntitled(value, member, members)).toBe(false);
  });

  it("reaches the members it names, and the whole unit only where it says so", () => {
    expect(isEntitled("unit", "west", members)).toBe(true);
    expect(isEntitled(["north", "south"], "south", members)).toBe(true);
    expect(isEntitled(["north", "south"], "west", members)).toBe(false);
  });

  it("reaches nobody who is not a member, even if named", () => {
    expect(isEntitled("unit", "stranger", members)).toBe(false);
    expect(isEntitled(["stranger"], "stranger", members)).toBe(false);
    expect(isEntitled("unit", "north", new Set())).toBe(false);
  });

  it("never throws and is never open on arbitrary values", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(isEntitled(value, "north", members)).toBe(value === "unit");
      }),
    );
  });

  it("has a key that no other audience has", () => {
    expect(audienceKey("unit")).toBe("unit");
    expect(audienceKey(["unit"])).toBe('["unit"]');
    expect(audienceKey(["a", "b"])).toBe('["a","b"]');
  });
});
