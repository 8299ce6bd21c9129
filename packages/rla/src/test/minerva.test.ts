import { unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { binomial } from "./binomial.ts";
import { Minerva, Providence } from "./minerva.ts";

/** The fewest votes for the winner that confirm in the last of some rounds, the earlier ones as given. */
function fewestToConfirm(
  share: number,
  limit: number,
  sizes: readonly number[],
  earlier: readonly number[],
): number | undefined {
  const schedule = sizes.map((size, i) => size - (sizes[i - 1] ?? 0));
  const last = schedule.at(-1)!;
  for (let winner = 0; winner <= last; winner++) {
    const minerva = new Minerva({ share, limit }, schedule);
    earlier.forEach((votes, i) =>
      unwrap(minerva.add({ winner: votes, loser: schedule[i]! - votes, cards: schedule[i]! })),
    );
    const { confirmed } = unwrap(minerva.add({ winner, loser: last - winner, cards: last }));
    if (confirmed) return winner + earlier.reduce((sum, votes) => sum + votes, 0);
  }
  return undefined;
}

describe("Minerva", () => {
  it("stops at the counts that R2B2's own test expects (test_minerva_kmins)", () => {
    expect(fewestToConfirm(0.6, 0.1, [100], [])).toBe(58);
    expect(fewestToConfirm(0.6, 0.1, [100, 200], [50])).toBe(113);
    expect(fewestToConfirm(0.6, 0.1, [100, 200, 400], [50, 50])).toBe(221);
  });

  it("has a round in which nothing stops, as there (test_sentinel)", () => {
    expect(fewestToConfirm(0.6, 0.1, [13], [])).toBe(13);
    expect(fewestToConfirm(0.6, 0.1, [13, 14], [12])).toBeUndefined();
    expect(fewestToConfirm(0.6, 0.1, [13, 14, 15], [12, 1])).toBe(14);
  });

  it.each([
    [0.6, 0.1, 13],
    [0.51, 0.05, 152],
  ])(
    "of a share of %f and α = %f can stop in a first round of some cards (test_min_sample_size)",
    (share, limit, size) => {
      expect(fewestToConfirm(share, limit, [size], [])).toBeDefined();
    },
  );

  it("refuses rounds of another size than was fixed, so that nobody chooses sizes by what the sample showed", () => {
    const minerva = new Minerva({ share: 0.6, limit: 0.1 }, [100]);
    expect(minerva.add({ winner: 30, loser: 20, cards: 99 })).toMatchObject({ fault: { code: "not-as-scheduled" } });
    unwrap(minerva.add({ winner: 30, loser: 20, cards: 100 }));
    expect(minerva.add({ winner: 30, loser: 20, cards: 100 })).toMatchObject({ fault: { code: "not-as-scheduled" } });
  });

  it("takes no round after it has confirmed", () => {
    const minerva = new Minerva({ share: 0.6, limit: 0.1 }, [100, 100]);
    expect(unwrap(minerva.add({ winner: 70, loser: 30, cards: 100 })).confirmed).toBe(true);
    expect(minerva.add({ winner: 0, loser: 100, cards: 100 })).toMatchObject({ fault: { code: "already-confirmed" } });
  });

  it("keeps its digits in rounds of thousands", () => {
    const minerva = new Minerva({ share: 0.52, limit: 0.05 }, [6000, 6000]);
    unwrap(minerva.add({ winner: 3000, loser: 3000, cards: 6000 }));
    const { risk } = unwrap(minerva.add({ winner: 3200, loser: 2800, cards: 6000 }));
    expect(risk).toBeGreaterThan(0);
    expect(risk).toBeLessThan(0.05);
    const landslide = new Minerva({ share: 0.9, limit: 0.05 }, [4000]);
    expect(unwrap(landslide.add({ winner: 4000, loser: 0, cards: 4000 })).confirmed).toBe(true);
  });
});

/** The chance that a tie is confirmed if whoever chooses rounds maximises it, round sizes from 1 to `most`, in all `votes`. */
function chanceAgainst(limit: number, share: number, votes: number): number {
  const worst = (rounds: readonly (readonly [number, number])[], left: number): number => {
    let best = 0;
    for (let size = 1; size <= left; size++) {
      const chances = binomial(size, 0.5);
      let sum = 0;
      for (let winner = 0; winner <= size; winner++) {
        const providence = new Providence({ share, limit });
        for (const [w, l] of rounds) unwrap(providence.add({ winner: w, loser: l }));
        const { confirmed } = unwrap(providence.add({ winner, loser: size - winner }));
        sum += chances[winner]! * (confirmed ? 1 : worst([...rounds, [winner, size - winner]], left - size));
      }
      best = Math.max(best, sum);
    }
    return best;
  };
  return worst([], votes);
}

describe("Providence", () => {
  it("is Minerva in a first round", () => {
    for (const winner of [20, 55, 58, 90]) {
      const minerva = new Minerva({ share: 0.6, limit: 0.1 }, [100]);
      const providence = new Providence({ share: 0.6, limit: 0.1 });
      const round = { winner, loser: 100 - winner, cards: 100 };
      expect(unwrap(providence.add(round))).toEqual(unwrap(minerva.add(round)));
    }
  });

  it("keeps the limit against whoever chooses the sizes of rounds after each look", () => {
    // All ways to choose, exactly: the best one in eight votes of a tie.
    expect(chanceAgainst(0.3, 0.75, 8)).toBeLessThanOrEqual(0.3);
    expect(chanceAgainst(0.3, 0.75, 8)).toBeGreaterThan(0.2);
  });
});
