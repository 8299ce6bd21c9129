import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, brokenBy, nameOf, profiles, wrongOrders } from "../testing/irv.ts";
import type { IrvAssertion } from "./assertion.ts";
import { sufficientFor } from "./sufficient.ts";

describe("sufficiency", () => {
  const chance = profiles.chain(({ candidates }) =>
    fc.record({
      candidates: fc.constant(candidates),
      winner: fc.nat(candidates - 1),
      picks: fc.array(fc.tuple(fc.shuffledSubarray(all(candidates), { minLength: 2 }), fc.boolean()), {
        maxLength: 30,
      }),
    }),
  );

  it("is what looking at every order of elimination says", () => {
    fc.assert(
      fc.property(chance, ({ candidates, winner, picks }) => {
        const assertions = picks.map(([chosen, next]): IrvAssertion => {
          const [first, second] = chosen as [number, number];
          return next
            ? {
                kind: "not-eliminated-next",
                winner: first,
                loser: second,
                continuing: chosen.toSorted((a, b) => a - b),
              }
            : { kind: "not-eliminated-before", winner: first, loser: second };
        });
        const said = new Set(assertions.map(nameOf));
        const open = wrongOrders(winner, candidates).filter(
          (order) => !brokenBy(order).some((a) => said.has(nameOf(a))),
        );
        const result = sufficientFor(winner, candidates, assertions);
        expect(result.ok).toBe(open.length === 0);
        // The counterexample is one of the orders that are left.
        const way = result.ok ? undefined : result.fault.message.replace("the assertions allow the eliminations ", "");
        expect([undefined, ...open.map((order) => order.join(", "))]).toContain(way);
      }),
      { numRuns: 200 },
    );
  });

  it("is found for dozens of candidates, and refused beyond", () => {
    const beaten = all(40)
      .slice(1)
      .map((loser): IrvAssertion => ({ kind: "not-eliminated-before", winner: 0, loser }));
    expect(sufficientFor(0, 40, beaten)).toEqual({ ok: true, value: undefined });
    expect(sufficientFor(0, 40, beaten.toSpliced(30, 1))).toMatchObject({ fault: { code: "insufficient" } });
    expect(sufficientFor(0, 53, [])).toMatchObject({ fault: { code: "too-many-candidates" } });
  });
});
