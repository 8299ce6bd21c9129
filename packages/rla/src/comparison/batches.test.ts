import { utf8, unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { drawWeighted } from "../draw/draw-weighted.ts";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { pluralityAssorter } from "../assorter/plurality.ts";
import { batchUnits, type BatchedContest, macroBounds, macroRisk, macroSize, macroTaint } from "./batches.ts";

const batch = (votes: number[], cards: number): { votes: number[]; cards: number } => ({ votes, cards });
/** Contests A, B and C of Arlo's test_macro: margins of 6000, 6000 and 5400 votes. */
const contest = (winner: number, loser: number, batches: number): BatchedContest => ({
  pairs: [{ winner: 0, loser: 1 }],
  batches: Array.from({ length: batches }, () => [
    batch([winner, loser], 2 * winner),
    batch([winner / 2, loser / 2], winner),
  ]).flat(),
});

describe("MACRO", () => {
  it.each([
    [200, 180, 200, 0.07],
    [200, 160, 100, 0.0733],
    [200, 140, 60, 0.0852],
  ])("has the bounds that Arlo's test_macro expects: %i to %i in %i batches", (winner, loser, count, expected) => {
    const { batches } = macroBounds(contest(winner, loser, count));
    expect(batches[0]).toBeCloseTo(expected, 4);
    expect(batches[1]).toBeCloseTo(expected / 2, 3);
  });

  it.skipIf(!HAS_PYTHON)("is the product of the paper in exact fractions, over several pairs", () => {
    const batched: BatchedContest = {
      pairs: [
        { winner: 0, loser: 1 },
        { winner: 0, loser: 2 },
      ],
      batches: [batch([60, 30, 20], 120), batch([40, 35, 5], 90), batch([20, 25, 10], 60)],
    };
    const found = [batch([58, 31, 20], 120), batch([40, 35, 6], 90), batch([21, 24, 10], 60)];
    const script = `
b, f, drawn = given["b"], given["f"], given["drawn"]
V = {l: sum(x["votes"][0] - x["votes"][l] for x in b) for l in (1, 2)}
u = [max(Fraction(x["votes"][0] - x["votes"][l] + x["cards"], V[l]) for l in (1, 2)) for x in b]
e = [max(Fraction((x["votes"][0] - x["votes"][l]) - (y["votes"][0] - y["votes"][l]), V[l]) for l in (1, 2)) for x, y in zip(b, f)]
p = Fraction(1)
for i in drawn: p *= (1 - 1 / sum(u)) / (1 - e[i] / u[i])
answer = float(p)`;
    const bounds = macroBounds(batched);
    const drawn = [0, 1, 2, 0, 0, 1];
    const taints = drawn.map((at) => macroTaint(batched, bounds, at, found[at]!));
    expect(macroRisk(bounds, taints)).toBeCloseTo(
      python(script, { b: batched.batches, f: found, drawn }) as number,
      12,
    );
  });

  it("needs the draws that its product says, and never ends on a batch that is all error", () => {
    const bounds = macroBounds(contest(200, 180, 200));
    const size = macroSize(bounds, 0.1);
    const clean = Array.from({ length: size }, () => 0);
    expect(macroRisk(bounds, clean)).toBeLessThanOrEqual(0.1);
    expect(macroRisk(bounds, clean.slice(1))).toBeGreaterThan(0.1);
    expect(macroRisk(bounds, [...clean, 1])).toBe(1);
  });
});

describe("batches as pools", () => {
  it("have the sum of the assorter over their cards", () => {
    const assorter = pluralityAssorter({ winner: 0, loser: 1, marks: 1 });
    const cards = [0, 0, 1, 2].map((c) => ({ contest: 0, candidates: Uint16Array.of(c), ranks: Uint8Array.of(1) }));
    const sum = cards.reduce((total, votes) => total + assorter.units(votes), 0) + assorter.units(undefined);
    expect(batchUnits(batch([2, 1, 1], 5), { winner: 0, loser: 1 })).toBe(sum);
  });
});

describe("a weighted draw", () => {
  const seed = new Uint8Array(32).fill(9);
  const items = [5, 0, 70, 25].map((weight, i) => ({ id: utf8(`["${"bdac"[i]}"]`), weight }));

  it.skipIf(!HAS_PYTHON)("is the one that Python computes from the rule alone, in any order of items", () => {
    const script = `
items = sorted(zip(given["ids"], given["weights"]))
def pick(i):
    n = int(hashlib.sha256(bytes([9] * 32) + i.to_bytes(4, "big")).hexdigest(), 16) % sum(w for _, w in items)
    for id, w in items:
        if n < w: return id
        n -= w
answer = [pick(i) for i in range(500)]`;
    const ids = items.map(({ id }) => new TextDecoder().decode(id));
    const expected = python(script, { ids, weights: items.map(({ weight }) => weight) }) as string[];
    const drawn = unwrap(drawWeighted(seed, items, 500)).map((at) => ids[at]);
    expect(drawn).toEqual(expected);
    expect(drawn).not.toContain('["d"]');
    const turned = items.toReversed();
    expect(unwrap(drawWeighted(seed, turned, 500)).map((at) => ids[items.length - 1 - at])).toEqual(expected);
  });

  it("refuses what cannot be drawn from", () => {
    expect(drawWeighted(seed, [items[1]!], 1)).toMatchObject({ fault: { code: "no-weight" } });
    expect(drawWeighted(seed, [items[0]!, items[0]!], 1)).toMatchObject({ fault: { code: "duplicate-id" } });
  });
});
