import { expect, it } from "vitest";
import { CHARTER } from "../../test/contest-scene.ts";
import { closingTime, knownRoundTime } from "./beacon.ts";

/** The first rounds by the chains' own `/info`, the other as the Ruby client for drand documents it. */
it.each([
  ["drand quicknet", 1, "2023-08-23T15:09:27Z"],
  ["drand quicknet", 27_946_612, "2026-04-20T00:00:00Z"],
  ["drand default", 1, "2020-07-22T15:17:30Z"],
])("knows when rounds of %s come out (%i)", (name, round, time) => {
  expect(knownRoundTime(name, round)).toBe(Date.parse(time));
});

it("closes before the round is known, whatever time the charter gives it", () => {
  expect(closingTime(CHARTER, 1)).toBe(1_900_000_000_000);
  expect(closingTime(CHARTER, 3)).toBe(0);
  const stale = (at: number): typeof CHARTER => {
    const beacon = { name: "drand quicknet", rounds: [{ round: 27_946_612, at }] };
    return { ...CHARTER, seed: { ...CHARTER.seed, beacon } };
  };
  const out = Date.parse("2026-04-20T00:00:00Z");
  expect(closingTime(stale(out + 1), 1)).toBe(out);
  expect(closingTime(stale(out - 1), 1)).toBe(out - 1);
});
