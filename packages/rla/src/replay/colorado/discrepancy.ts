import type { CardComparison, DiscrepancyCount } from "./tables.ts";

/** The winners and the losers of a contest, by name. */
export interface Outcome {
  readonly winners: ReadonlySet<string>;
  readonly losers: ReadonlySet<string>;
}

/**
 * The discrepancy of a card as ColoradoRLA counts it (ComparisonAudit.computeDiscrepancy): the largest change for the
 * worse over all pairs of a winner and a loser, of which there is one; so an understatement only if every pair gained. A card that is not found, or
 * on which the board did not agree, is two votes if its record had a winner, else one; a card without a record is two.
 * Undefined where record and reading are the same.
 */
export function cardDiscrepancy(card: CardComparison, { winners, losers }: Outcome): number | undefined {
  if (card.kind.startsWith("phantom_record") && !card.isNotFound) return 2;
  const [recorded, found] = [new Set(card.recorded), new Set(card.found)];
  if (card.isNotFound || card.kind === "phantom_ballot" || !card.hasConsensus) {
    return [...recorded].some((choice) => !losers.has(choice)) ? 2 : 1;
  }
  if (recorded.size === found.size && [...recorded].every((choice) => found.has(choice))) return undefined;
  const change = (choice: string): number => Number(found.has(choice)) - Number(recorded.has(choice));
  // Of all pairs the worst is that of the loser with the largest change and the winner with the smallest.
  const gained = [...losers].reduce((most, loser) => Math.max(most, change(loser)), -1);
  const kept = [...winners].reduce((least, winner) => Math.min(least, change(winner)), 1);
  return losers.size === 0 ? Math.max(0, -kept) : gained - kept;
}

const NAMES: ReadonlyMap<number, DiscrepancyCount> = new Map([
  [2, "o2"],
  [1, "o1"],
  [0, "other"],
  [-1, "u1"],
  [-2, "u2"],
]);

/** Under which of a contest's counts a discrepancy goes. */
export function countOf(discrepancy: number): DiscrepancyCount {
  return NAMES.get(discrepancy) as DiscrepancyCount;
}
