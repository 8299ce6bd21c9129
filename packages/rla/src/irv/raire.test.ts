import { unwrap } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { totalUnits } from "../assorter/assorter.ts";
import {
  all,
  ballotsOf,
  brokenBy,
  marginOf,
  nameOf,
  type Profile,
  profiles,
  votesOf,
  wrongOrders,
} from "../testing/irv.ts";
import { irvAssorter } from "./assertion.ts";
import { countIrv } from "./ballots.ts";
import { raireAssertions } from "./raire.ts";
import { sufficientFor } from "./sufficient.ts";

describe("counting IRV ballots", () => {
  it("gives the tallies that counting ballot by ballot gives", () => {
    fc.assert(
      fc.property(profiles, fc.infiniteStream(fc.boolean()), ({ profile, candidates }, coin) => {
        const standing = Uint8Array.from(all(candidates), () => (coin.next().value ? 1 : 0));
        const expected = new Uint32Array(candidates);
        for (const [preferred, count] of profile) {
          const first = preferred.find((candidate) => standing[candidate] === 1);
          if (first !== undefined) expected[first]! += count;
        }
        expect(ballotsOf(profile, candidates).tally(standing)).toEqual(expected);
      }),
    );
  });

  it("eliminates the last until one is left, and decides no tie", () => {
    // Eliminated: 2 with 9000; 1 with 10000; then 3 has 15000 + 9000 + 6000 against 26000.
    const profile: Profile = [
      [[1, 2], 4000],
      [[0], 20_000],
      [[2, 3], 9000],
      [[1, 2, 3], 6000],
      [[3, 0, 1], 15_000],
      [[0, 2], 6000],
    ];
    expect(countIrv(ballotsOf(profile, 4))).toEqual({ winner: 3, eliminated: [2, 1, 0] });
    expect(
      countIrv(
        ballotsOf(
          [
            [[0], 1],
            [[1], 1],
          ],
          2,
        ),
      ),
    ).toBeUndefined();
  });
});

describe("assertions for IRV", () => {
  it("hold in the ballots, suffice, are all needed, and have the best smallest margin that any assertions have", () => {
    fc.assert(
      fc.property(profiles, ({ profile, candidates }) => {
        const ballots = ballotsOf(profile, candidates);
        const winner = countIrv(ballots)?.winner;
        fc.pre(winner !== undefined);
        // Each wrong order needs one of the assertions that it breaks; the easiest of them is the best one can do.
        const wrong = wrongOrders(winner, candidates);
        const best = wrong.map((order) => Math.max(...brokenBy(order).map((each) => marginOf(each, profile))));
        fc.pre(Math.min(...best) > 0);
        const assertions = unwrap(raireAssertions(ballots, winner));
        for (const { assertion, margin } of assertions) expect(margin).toBe(marginOf(assertion, profile));
        expect(Math.min(...assertions.map(({ margin }) => margin))).toBe(Math.min(...best));
        const plain = assertions.map(({ assertion }) => assertion);
        expect(sufficientFor(winner, candidates, plain)).toEqual({ ok: true, value: undefined });
        for (const needed of plain) {
          const others = plain.filter((other) => other !== needed);
          expect(wrong.some((order) => !brokenBy(order).some((a) => others.some((b) => nameOf(a) === nameOf(b))))).toBe(
            true,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are not found where some wrong order breaks none that is true", () => {
    // 1 and 2 are tied for elimination: whether 0 or 1 wins depends on who goes.
    const ballots = ballotsOf(
      [
        [[0], 4],
        [[1, 0], 3],
        [[2, 1], 3],
      ],
      3,
    );
    expect(raireAssertions(ballots, 0)).toMatchObject({ ok: false, fault: { code: "not-auditable" } });
  });

  it("are not found for a winner who did not win", () => {
    const ballots = ballotsOf(
      [
        [[0, 1], 10],
        [[1, 0], 9],
        [[2, 1], 5],
      ],
      3,
    );
    expect(countIrv(ballots)?.winner).toBe(1);
    expect(raireAssertions(ballots, 1).ok).toBe(true);
    expect(raireAssertions(ballots, 0)).toMatchObject({ ok: false, fault: { code: "not-auditable" } });
  });

  it("are true of an assorter exactly when its mean is above one half", () => {
    fc.assert(
      fc.property(profiles, ({ profile, candidates }) => {
        const cards = profile.flatMap(([preferred, count]) => Array.from({ length: count }, () => votesOf(preferred)));
        for (const assertion of brokenBy(all(candidates))) {
          const assorter = irvAssorter(assertion);
          const units = totalUnits(assorter, cards);
          expect(units - cards.length).toBe(marginOf(assertion, profile));
        }
      }),
      { numRuns: 30 },
    );
  });
});
