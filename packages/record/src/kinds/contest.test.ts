import { expect, it } from "vitest";
import { checkContent, type ContestContent } from "../index.ts";
import { SAMPLES } from "../testing/samples.ts";

const CHARTER = SAMPLES["open/contest"];
const [MAYOR] = CHARTER.contests as [ContestContent["contests"][number]];

function flawOf(change: Partial<ContestContent>): string {
  const checked = checkContent("open", "contest", { ...CHARTER, ...change } as never);
  return checked.ok ? "none" : checked.fault.message.replace("body.content.", "");
}

function flawOfContest(change: Partial<typeof MAYOR>, rest: Partial<ContestContent> = {}): string {
  return flawOf({ contests: [{ ...MAYOR, ...change }], ...rest });
}

it("takes an audit that can be carried out", () => {
  const alpha = { test: { name: "alpha", weight: 100, clearance: 0 } } as const;
  expect(flawOf({})).toBe("none");
  expect(flawOfContest({ rule: { method: "irv" } })).toBe("none");
  const rule = { method: "super-majority", candidate: 0, numerator: 2, denominator: 3 } as const;
  expect(flawOfContest({ rule }, alpha)).toBe("none");
  expect(flawOfContest({ rule: { method: "score", seats: 1, points: [2, 1] } }, alpha)).toBe("none");
});

it("names what makes an audit none", () => {
  expect(flawOf({ auditors: ["south", "north"] })).toMatch("auditors: expected names in ascending order");
  expect(flawOf({ auditors: ["north"] })).toMatch("auditors: expected a list of 2 to 32");
  expect(flawOf({ boards: ["north", "north"] })).toMatch("boards: expected two parties");
  const beacon = (...rounds: number[]): ContestContent["seed"] => ({
    dice: 0,
    beacon: { name: "b", rounds: rounds.map((round) => ({ round, at: round })) },
  });
  expect(flawOf({ seed: beacon(5, 5) })).toBe("seed.beacon.rounds: must rise");
  expect(flawOf({ contests: [MAYOR, MAYOR] })).toBe("contests: names one twice");
  const expected = { o1: 500_000, o2: 499_998, u1: 1, u2: 1 };
  expect(flawOf({ test: { name: "cobra", expected, weight: 1 } })).toMatch("test.expected: are shares");
});

it("names what makes a contest none", () => {
  expect(flawOfContest({ candidates: ["Ada", "Ada"] })).toBe("contests[0].candidates: names one twice");
  expect(flawOfContest({ rounds: [50, 50] })).toMatch("contests[0].rounds: must rise");
  expect(flawOfContest({ rounds: [50, 1001] })).toMatch("up to the bound");
  expect(flawOfContest({ rule: { method: "plurality", seats: 2, marks: 1 } })).toMatch("somebody has to lose");
  const share = { method: "super-majority", candidate: 0, numerator: 1, denominator: 2 } as const;
  expect(flawOfContest({ rule: share })).toMatch("is measured by the test alpha");
  expect(flawOfContest({ rule: { ...share, numerator: 2 } })).toMatch("below 1");
  expect(flawOfContest({ rule: { ...share, candidate: 2 } })).toMatch("no such candidate");
  expect(flawOfContest({ rule: { method: "score", seats: 1, points: [0] } })).toMatch("earn nothing");
});

it("takes marks in one order only, and a card once", () => {
  const check = (readings: unknown): string => {
    const checked = checkContent("observe", "readings", { by: "north", contest: "mayor", readings } as never);
    return checked.ok ? "none" : checked.fault.message;
  };
  const card = ["b", 1];
  expect(
    check([
      {
        card,
        marks: [
          [1, 1],
          [0, 2],
        ],
      },
    ]),
  ).toBe("none");
  expect(
    check([
      {
        card,
        marks: [
          [1, 1],
          [0, 1],
        ],
      },
    ]),
  ).toMatch("readings[0].marks: must stand in the order of ranks");
  expect(
    check([
      {
        card,
        marks: [
          [1, 1],
          [1, 1],
        ],
      },
    ]),
  ).toMatch("must stand in the order of ranks");
  expect(
    check([
      { card, marks: null },
      { card, marks: "missing" },
    ]),
  ).toMatch("a card stands twice");
});
