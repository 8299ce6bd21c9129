import { ISLE, NORLAND, SUDLAND } from "../cast.ts";
import { RACES } from "./paper.ts";

/** By this title the audit is found again after a new start. */
export const TITLE = "The election on Isle";

/** Cards of each contest that the boards read before the first, and only, round is closed. */
const ROUND = 80;

const HOUR = 3_600_000;

/** Dice and beacon of the story: a real audit rolls the dice in public and waits for its beacon's publisher. */
export const DICE = "314159";
export const BEACON = "2718281828459045".repeat(4);

/**
 * The charter of the audit, as the file that an officer writes: isle holds paper and records, its two rival neighbours
 * make the seed and read the cards.
 * @param now milliseconds since 1970; if the story is cut short, later rounds of the beacon are left
 */
export function charterOf(cards: number, now: number): object {
  const rivals = [NORLAND.name, SUDLAND.name];
  return {
    title: TITLE,
    holder: ISLE.name,
    auditors: rivals,
    boards: rivals,
    riskLimit: 50_000,
    test: { name: "cobra", expected: { o1: 1000, o2: 10, u1: 1000, u2: 10 }, weight: 100 },
    seed: {
      dice: DICE.length,
      beacon: {
        name: "made up for this story",
        rounds: [1, 24, 24 * 30].map((hours, i) => ({ round: i + 1, at: now + hours * HOUR })),
      },
    },
    leastStyle: 10,
    malformed: "refuse",
    contests: RACES.map(({ id, name, candidates }) => ({
      id,
      name,
      candidates,
      rule: { method: "plurality", seats: 1, marks: 1 },
      bound: cards,
      rounds: [Math.min(ROUND, cards)],
    })),
  };
}
