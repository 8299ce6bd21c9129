import { describe, expect, it } from "vitest";
import { superSimpleRisk, superSimpleSize, USUAL_GAMMA } from "./super-simple.ts";

const none = { o1: 0, o2: 0, u1: 0, u2: 0 };
const usual = (dilutedMargin: number): { dilutedMargin: number; gamma: number } => ({
  dilutedMargin,
  gamma: USUAL_GAMMA,
});

describe("the super-simple Kaplan–Markov risk", () => {
  it.each([
    [0.2, 27, none, 0.06507],
    [0.1, 54, none, 0.06973],
    [0.15, 36, none, 0.0674],
    [2 / 15, 40, none, 0.07048],
    [1, 6, none, 0.0195],
    [0.2, 27, { ...none, o1: 1 }, 0.12534],
    [0.1, 54, { ...none, o1: 1 }, 0.13441],
    [2 / 15, 40, { ...none, o1: 1 }, 0.13585],
    [1, 6, { ...none, o1: 1 }, 0.03758],
    [1, 6, { ...none, o2: 1 }, 0.51877],
    [0.2, 27, { ...none, o2: 1 }, 1],
    [6 / 26, 18, none, 0.1201733],
  ])("of a margin of %f and a sample of %i with %j is %f (Arlo's test_supersimple)", (margin, sample, found, risk) => {
    expect(superSimpleRisk(usual(margin), sample, found)).toBeCloseTo(risk, 3);
  });

  it.each([
    [0.661, 0.1, USUAL_GAMMA, none, 8],
    [0.661, 0.1, USUAL_GAMMA, { ...none, o1: 1 }, 10],
    [0.661, 0.1, USUAL_GAMMA, { ...none, o2: 1 }, 18],
    [0.661, 0.1, USUAL_GAMMA, { ...none, u1: 1 }, 7],
    [0.661, 0.1, USUAL_GAMMA, { ...none, u2: 1 }, 6],
    [0.01052631, 0.1, 1.1, none, 482],
    [0.05, 0.5, 1.2, none, 34],
  ])("of a margin of %f, α = %f, γ = %f and %j needs %o (ColoradoRLA's tests)", (margin, limit, gamma, found, size) => {
    expect(superSimpleSize({ dilutedMargin: margin, gamma }, limit, found)).toBe(size);
  });

  it("is at most the limit at that size, and above it one card earlier", () => {
    for (const found of [none, { ...none, o1: 3 }, { o1: 1, o2: 1, u1: 2, u2: 0 }]) {
      const size = superSimpleSize(usual(0.03), 0.05, found);
      expect(superSimpleRisk(usual(0.03), size, found)).toBeLessThanOrEqual(0.05);
      // The formula bounds ln(1 − 1/U) by −1/U, so it asks for some cards more than the risk itself.
      expect(superSimpleRisk(usual(0.03), Math.floor(size * 0.98), found)).toBeGreaterThan(0.05);
    }
  });
});
