import { describe, expect, it } from "vitest";
import { ranking } from "./ranking.ts";

const of = (...marks: [candidate: number, rank: number][]): number[] =>
  ranking({
    contest: 0,
    candidates: Uint16Array.from(marks, ([candidate]) => candidate),
    ranks: Uint8Array.from(marks, ([, rank]) => rank),
  });

describe("the ranking on a card", () => {
  it.each([
    ["in any order of marks", of([4, 2], [1, 1], [0, 3]), [1, 4, 0]],
    ["past a rank that was skipped", of([4, 1], [1, 3]), [4, 1]],
    ["with a candidate at its best rank", of([4, 1], [1, 2], [4, 3]), [4, 1]],
    ["until a rank names two", of([4, 1], [1, 2], [2, 2], [3, 3]), [4]],
    ["with a candidate marked twice at one rank", of([4, 1], [4, 1], [2, 2]), [4, 2]],
    ["of nobody", of(), []],
  ])("is read %s", (_name, read, expected) => {
    expect(read).toEqual(expected);
  });
});
