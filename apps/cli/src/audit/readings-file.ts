import type { CardName, Marks, ReadingsContent } from "@detente/record";
import { columnOf, headedRows, type InputFile } from "@detente/rla";
import type { ContestProgress } from "@detente/unit";
import { Trouble } from "../trouble.ts";
import { readOrTrouble } from "./read-or-trouble.ts";

/**
 * What a board wrote down, as CSV: `batch`, `place` and `votes`; where there is a column `contest`, as `audit draw` writes
 * it, only the rows of this contest are meant. Votes are the candidates' names, separated by `;`, first
 * rank first where there are ranks; `none` is a card without a mark, `not on card` one without the contest, and
 * `missing` a card that is not where it should be.
 */
export async function readReadings(
  file: InputFile,
  { contest, drawn }: ContestProgress,
): Promise<ReadingsContent["readings"]> {
  const { headings, rows } = readOrTrouble(await headedRows(file));
  const [batchAt, placeAt, votesAt] = ["batch", "place", "votes"].map((name) => columnOf(headings, name));
  const contestAt = columnOf(headings, "contest");
  if ([batchAt, placeAt, votesAt].some((at) => at === undefined || at < 0)) {
    throw new Trouble(`${file.name}:1`, "has no columns batch, place and votes", "add them");
  }
  const cards = new Map(drawn.flatMap(({ card }) => (card === undefined ? [] : [[card.join("\n"), card] as const])));
  const readings = new Map<CardName, ReadingsContent["readings"][number]>();
  for (const { line, cells } of rows) {
    // The apostrophe is what our own sheet puts before a cell that would be a formula.
    const cell = (at: number | undefined): string => (cells[at ?? -1] ?? "").trim().replace(/^'(?=[=+\-@])/, "");
    if (contestAt >= 0 && cell(contestAt) !== contest.id) continue;
    const card = cards.get(`${cell(batchAt)}\n${cell(placeAt)}`);
    const place = `${file.name}:${line}`;
    if (card === undefined) throw new Trouble(place, "is no card of the round under way", "see `detente audit draw`");
    if (readings.has(card)) throw new Trouble(place, "is a card that stands above already", "keep one of the rows");
    readings.set(card, { card, marks: marksOf(cell(votesAt), contest, place) });
  }
  return [...readings.values()];
}

/** What a board writes where it has no name to write. */
const WORDS: ReadonlyMap<string, Marks | "missing"> = new Map<string, Marks | "missing">([
  ["missing", "missing"],
  ["not on card", null],
  ["none", []],
]);

/** Whether a candidate's name can stand in a sheet as it is. */
export function isWritable(name: string): boolean {
  return !name.includes(";") && name === name.trim() && !WORDS.has(name);
}

function marksOf(votes: string, { candidates, rule }: ContestProgress["contest"], place: string): Marks | "missing" {
  if (votes === "")
    throw new Trouble(place, "has no votes", "fill them in (`none` for a blank card), or remove the row");
  const word = WORDS.get(votes);
  if (word !== undefined) return word;
  const isRanked = rule.method === "irv" || rule.method === "score";
  const marks = votes.split(";").map((name, i): [number, number] => {
    const candidate = candidates.indexOf(name.trim());
    if (candidate < 0) {
      throw new Trouble(
        place,
        `"${name.trim()}" is no candidate`,
        `write ${candidates.join(", ")}, none, not on card or missing`,
      );
    }
    return [candidate, isRanked ? i + 1 : 1];
  });
  if (new Set(marks.map(([candidate]) => candidate)).size !== marks.length)
    throw new Trouble(place, "names a candidate twice", "leave one of them out");
  return marks.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
