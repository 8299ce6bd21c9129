import { describe, expect, it } from "vitest";
import { majorityOf } from "./majority.ts";

it("counts a party that says one thing 200,000 times once", () => {
  const votes = Array.from({ length: 200_000 }, () => ({ party: "south", what: "b" }));
  const others = ["east", "north"].map((party) => ({ party, what: "a" }));
  const { key, contradicting } = majorityOf(["east", "north", "south"], [...votes, ...others], ({ what }) => what);
  expect({ key, contradicting }).toEqual({ key: "a", contradicting: [] });
});

describe("what more than half of four parties say", () => {
  const parties = ["east", "north", "south", "west"];
  type Vote = { readonly party: string; readonly what?: string; readonly rank?: number };
  const count = (...votes: readonly Vote[]): ReturnType<typeof majorityOf<Vote>> =>
    majorityOf(
      parties,
      votes,
      ({ what }) => what,
      ({ rank = 0 }) => rank,
    );
  const voteOf =
    (party: string) =>
    (what?: string, rank = 0): Vote => ({ party, rank, ...(what !== undefined && { what }) });
  const [east, north, south, west] = [voteOf("east"), voteOf("north"), voteOf("south"), voteOf("west")];

  it("is said by three, and not by half of them, nor by half and a stranger", () => {
    expect(count(east("a"), north("a"), south("a"), west("b")).key).toBe("a");
    expect(count(east("a"), north("a"), south("b"), west("b")).key).toBeUndefined();
    expect(count(east("a"), north("a"), { party: "mallory", what: "a" }).key).toBeUndefined();
  });

  it("counts those who say nothing among all", () => {
    expect(count(east("a"), north("a"), south(), west()).key).toBeUndefined();
    expect(count(east("a"), north("a"), south("a")).votes).toEqual([east("a"), north("a"), south("a")]);
  });

  it("is of each what it says at its highest rank, and nothing of one that says two things there", () => {
    expect(count(east("a"), north("a"), south("b"), south("a", 1)).key).toBe("a");
    expect(count(east("a"), north("a"), south("a", 1), south("b", 1))).toEqual({
      key: undefined,
      votes: [],
      contradicting: ["south"],
    });
  });
});
