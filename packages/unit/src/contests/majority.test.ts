import { expect, it } from "vitest";
import { majorityOf } from "./majority.ts";

it("counts a party that says one thing 200,000 times once", () => {
  const votes = Array.from({ length: 200_000 }, () => ({ party: "south", what: "b" }));
  const others = ["east", "north"].map((party) => ({ party, what: "a" }));
  const { key, contradicting } = majorityOf(["east", "north", "south"], [...votes, ...others], ({ what }) => what);
  expect({ key, contradicting }).toEqual({ key: "a", contradicting: [] });
});
