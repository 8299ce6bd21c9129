import { compareText } from "@detente/basics";
import type { ContestContent } from "@detente/record";
import { tableCsv, tablePage } from "@detente/rla";

/** A card that a board has to read for a contest. */
export interface CardToRead {
  /** The contest's id. */
  readonly contest: string;
  readonly batch: string;
  readonly place: number | string;
}

/** Cards as they lie: batch by batch, place by place; for each the contests that it was drawn for. */
function asTheyLie(cards: readonly CardToRead[]): CardToRead[] {
  return [...cards].sort((a, b) => {
    const places =
      typeof a.place === "number" && typeof b.place === "number"
        ? a.place - b.place
        : compareText(String(a.place), String(b.place));
    return compareText(a.batch, b.batch) || places || compareText(a.contest, b.contest);
  });
}

/** The cards of a round as CSV, to be filled in and given to `audit enter`: contest, batch, place, votes. */
export function roundCsv(cards: readonly CardToRead[]): string {
  const rows = asTheyLie(cards).map(({ contest, batch, place }) => [contest, batch, String(place), ""]);
  return tableCsv([["contest", "batch", "place", "votes"], ...rows]);
}

/** The same as a page to print: to fetch cards by and to write down what is on them. It shows nothing of the records. */
export function roundPage(
  { title, contests }: ContestContent,
  origin: readonly string[],
  cards: readonly CardToRead[],
): string {
  const names = new Map(contests.map(({ id, name }) => [id, name]));
  const rows = asTheyLie(cards).map(({ contest, batch, place }, at) => [
    String(at + 1),
    batch,
    String(place),
    names.get(contest) ?? contest,
  ]);
  return tablePage({ title, origin }, ["No.", "Batch", "Card", "Contest", "Found", "Votes"], rows);
}
