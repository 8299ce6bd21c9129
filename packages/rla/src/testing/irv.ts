import * as fc from "fast-check";
import type { ContestVotes } from "../cvr.ts";
import type { IrvAssertion } from "../irv/assertion.ts";
import { IrvBallots } from "../irv/ballots.ts";

/** Ballots as rankings and how many have each. */
export type Profile = readonly (readonly [preferred: readonly number[], count: number])[];

export const ballotsOf = (profile: Profile, candidates: number): IrvBallots => {
  const ballots = new IrvBallots(candidates);
  for (const [preferred, count] of profile) ballots.addRanking(preferred, count);
  return ballots;
};

export const votesOf = (preferred: readonly number[]): ContestVotes => ({
  contest: 0,
  candidates: Uint16Array.from(preferred),
  ranks: Uint8Array.from(preferred, (_, i) => i + 1),
});

/** By how many ballots an assertion holds, counted ballot by ballot from its definition in the paper. */
export function marginOf(assertion: IrvAssertion, profile: Profile): number {
  const { winner, loser } = assertion;
  let margin = 0;
  for (const [preferred, count] of profile) {
    if (assertion.kind === "not-eliminated-next") {
      const [first] = preferred.filter((candidate) => assertion.continuing.includes(candidate));
      margin += first === winner ? count : first === loser ? -count : 0;
    } else {
      const forLoser = preferred.filter((candidate) => candidate === winner || candidate === loser)[0] === loser;
      margin += preferred[0] === winner ? count : forLoser ? -count : 0;
    }
  }
  return margin;
}

function* orders(candidates: readonly number[]): Generator<number[]> {
  if (candidates.length === 0) yield [];
  for (const first of candidates) {
    for (const rest of orders(candidates.filter((candidate) => candidate !== first))) yield [first, ...rest];
  }
}

/** All assertions that an order of elimination would break. */
export function brokenBy(order: readonly number[]): IrvAssertion[] {
  return order.flatMap((winner, at) =>
    order.slice(at + 1).flatMap((loser): IrvAssertion[] => [
      { kind: "not-eliminated-before", winner, loser },
      { kind: "not-eliminated-next", winner, loser, continuing: order.slice(at).toSorted((a, b) => a - b) },
    ]),
  );
}

export const all = (candidates: number): number[] => Array.from({ length: candidates }, (_, i) => i);
export const wrongOrders = (winner: number, candidates: number): number[][] =>
  [...orders(all(candidates))].filter((order) => order.at(-1) !== winner);
/** Two assertions are the same exactly if their names are. */
export const nameOf = (assertion: IrvAssertion): string => JSON.stringify(assertion);

export const profiles: fc.Arbitrary<{ candidates: number; profile: Profile }> = fc
  .integer({ min: 2, max: 5 })
  .chain((candidates) =>
    fc.record({
      candidates: fc.constant(candidates),
      profile: fc.array(fc.tuple(fc.shuffledSubarray(all(candidates)), fc.integer({ min: 1, max: 40 })), {
        minLength: 1,
        maxLength: 12,
      }),
    }),
  );
