import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fileOf } from "../testing/files.ts";
import { readResults } from "./read-results.ts";
import { type ObservedResults, watchResults } from "./watch.ts";

/** Clarity's detail.xml with two precincts, as made at `time`. */
async function seen(
  observer: string,
  at: number,
  time: string,
  votes: readonly [number, number],
  total?: number,
): Promise<ObservedResults> {
  const text = `<ElectionResult><Timestamp>${time}</Timestamp><Contest key="1" text="Mayor"><Choice key="1" text="Ada" totalVotes="${
    total ?? votes[0] + votes[1]
  }"><VoteType name="All"><Precinct name="P1" votes="${votes[0]}" /><Precinct name="P2" votes="${votes[1]}" /></VoteType></Choice></Contest></ElectionResult>`;
  const results = unwrap(await readResults(fileOf(text, "r")));
  return { name: `${observer}-${at}.xml`, observer, at, digest: `${time} ${votes.join()} ${total ?? ""}`, results };
}

const told = (observed: readonly ObservedResults[]): string[] =>
  watchResults(observed).map(
    ({ finding, seen: { name }, against }) =>
      `${name}${against === undefined ? "" : ` < ${against.name}`}: ${finding.code}`,
  );

it("says nothing of results that only grow, whoever sees them how often", async () => {
  const observed = [
    await seen("alpha", 1, "9 PM", [1, 2]),
    await seen("bravo", 2, "9 PM", [1, 2]),
    await seen("alpha", 3, "10 PM", [5, 2]),
    await seen("bravo", 4, "10 PM", [5, 2]),
  ];
  expect(told(observed)).toEqual([]);
});

it("finds what went back between two observers, with both files", async () => {
  const observed = [await seen("alpha", 1, "9 PM", [5, 2]), await seen("bravo", 2, "10 PM", [4, 3])];
  expect(told(observed)).toEqual(["bravo-2.xml < alpha-1.xml: went-back"]);
});

it("finds that two observers were shown different results of one time, and does not call that a step back", async () => {
  const observed = [
    await seen("alpha", 1, "9 PM", [5, 2]),
    await seen("bravo", 2, "9 PM", [4, 3]),
    await seen("alpha", 3, "10 PM", [6, 6]),
  ];
  expect(told(observed)).toEqual(["bravo-2.xml < alpha-1.xml: differs", "bravo-2.xml < alpha-1.xml: differs"]);
});

it("checks each different file once, and finds a return to an old one", async () => {
  const wrong = await seen("alpha", 1, "9 PM", [5, 2], 8);
  const old = { ...wrong, at: 3, observer: "bravo", name: "bravo-3.xml" };
  const observed = [wrong, { ...wrong, observer: "bravo", at: 1 }, await seen("alpha", 2, "10 PM", [6, 2]), old];
  expect(told(observed)).toEqual(["alpha-1.xml: precinct-sum", "bravo-3.xml < alpha-2.xml: went-back"]);
});

it("does not depend on the order in which files are given", async () => {
  const observed = [
    await seen("alpha", 1, "9 PM", [5, 2]),
    await seen("bravo", 1, "9 PM", [4, 3]),
    await seen("alpha", 2, "10 PM", [3, 3], 7),
    await seen("charlie", 5, "", [9, 9]),
  ];
  const expected = told(observed);
  expect(expected.length).toBeGreaterThan(2);
  fc.assert(
    fc.property(fc.shuffledSubarray(observed, { minLength: observed.length }), (shuffled) => {
      expect(told(shuffled)).toEqual(expected);
    }),
  );
});
