import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HAS_PYTHON, python } from "../testing/python.ts";
import { drawColorado } from "./colorado.ts";

describe("Colorado's draw", () => {
  it("gives the numbers that ColoradoRLA's own test expects (PseudoRandomNumberGeneratorTest)", () => {
    const draw = { seed: "3546311556112163624615351222", cards: 876, count: 47, withReplacement: false };
    expect(drawColorado(draw)).toEqual([
      740, 180, 264, 789, 238, 448, 272, 611, 761, 208, 596, 88, 160, 113, 766, 427, 184, 816, 653, 411, 779, 331, 339,
      487, 594, 235, 65, 527, 821, 490, 461, 251, 471, 414, 174, 567, 300, 134, 144, 357, 786, 792, 218, 550, 787, 537,
      197,
    ]);
  });

  it("draws every card once without replacement, and then no more", () => {
    const drawn = drawColorado({ seed: "1", cards: 20, count: 30, withReplacement: false });
    expect(drawn.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it.skipIf(!HAS_PYTHON)("is the remainder that Python's whole numbers give, up to 2^37 cards", () => {
    const cases = fc.record({ seed: fc.stringMatching(/^[0-9]{1,30}$/), cards: fc.integer({ min: 1, max: 2 ** 37 }) });
    const samples = fc.sample(cases, { numRuns: 100, seed: 3 });
    const script = `answer = [[1 + int(hashlib.sha256(f"{c['seed']},{i}".encode()).hexdigest(), 16) % c["cards"] for i in range(1, 6)] for c in given]`;
    const ours = samples.map(({ seed, cards }) => drawColorado({ seed, cards, count: 5, withReplacement: true }));
    expect(ours).toEqual(python(script, samples));
  });
});
