import { checked, type Published, type ReplayLine, unchecked } from "../lines.ts";
import type { ColoradoAudit } from "./audit.ts";
import { cardDiscrepancy, countOf, type Outcome } from "./discrepancy.ts";
import type { ContestStanding, DiscrepancyCount } from "./tables.ts";

/** Counts of discrepancies: each card as often as it was drawn for the contest. */
export function discrepancyLines(
  { name, file, line, winners, counts }: ContestStanding,
  audit: ColoradoAudit,
): ReplayLine[] {
  const selection = audit.selections.get(name);
  const cards = (audit.comparisons.get(name) ?? []).filter(({ isAudited }) => isAudited);
  if (selection === undefined || selection.records.length === 0 || cards.length === 0) return [];
  if (winners.length === 0) {
    return COUNT_NAMES.map(([count, what]) => {
      const published: Published = {
        step: "overstatement",
        contest: name,
        file,
        line,
        what,
        published: String(counts[count]),
      };
      return unchecked(published, "the row names no winners");
    });
  }
  const listed = (audit.choices.get(name) ?? []).map(({ choice }) => choice);
  const choices = new Set(
    [...listed, ...cards.flatMap((card) => [...card.recorded, ...card.found])].filter((choice) => choice !== ""),
  );
  const outcome: Outcome = {
    winners: new Set(winners),
    losers: new Set([...choices].filter((choice) => !winners.includes(choice))),
  };
  const times = new Map<string, number>();
  for (const record of selection.records) times.set(record, (times.get(record) ?? 0) + 1);
  const sums: Record<DiscrepancyCount, number> = { o1: 0, o2: 0, u1: 0, u2: 0, other: 0 };
  const where: Record<DiscrepancyCount, string[]> = { o1: [], o2: [], u1: [], u2: [], other: [] };
  for (const card of cards) {
    const discrepancy = cardDiscrepancy(card, outcome);
    const count = times.get(card.record) ?? 0;
    if (discrepancy === undefined || count === 0) continue;
    sums[countOf(discrepancy)] += count;
    where[countOf(discrepancy)].push(`${card.imprint} (${card.file}:${card.line})`);
  }
  return COUNT_NAMES.map(([count, what]) => {
    const note = where[count].length === 0 ? undefined : where[count].join(", ");
    return checked(
      { step: "overstatement", contest: name, file, line, what, published: String(counts[count]) },
      String(sums[count]),
      note,
    );
  });
}

const COUNT_NAMES: readonly (readonly [DiscrepancyCount, string])[] = [
  ["o2", "overstatements of two votes"],
  ["o1", "overstatements of one vote"],
  ["u1", "understatements of one vote"],
  ["u2", "understatements of two votes"],
];
