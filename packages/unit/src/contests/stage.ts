import { type ContestRecord, sayings } from "./contest-record.ts";
import { seedState } from "./seed.ts";

/**
 * How far an audit has come, in a line, by the record alone: cheap enough to ask for while one waits. What the sample
 * shows takes the public files; see `contestState`.
 */
export function stageOf(record: ContestRecord): string {
  const { holder, auditors, boards } = record.charter;
  const { lacking, sealed, shown, closed, seed } = seedState(record);
  if (lacking.length > 0) return `${lacking.join(", ")} to accept the charter`;
  if (sayings(record, "exhibit/records", [holder]).length === 0) return `${holder} to commit to the records`;
  if (seed === undefined) {
    if (closed !== undefined) return "seed: closed, dice and beacon to be said";
    return `seed: sealed by ${sealed.length}, shown by ${shown.length} of ${auditors.length}`;
  }
  const read = boards.map((board) => {
    const cards = sayings(record, "observe/readings", [board]).map(({ content }) => content.readings.length);
    return `${board} ${sum(cards)}`;
  });
  const opened = sayings(record, "exhibit/openings", [holder]).map(({ content }) => content.openings.length);
  const signed = sayings(record, "observe/audit-risk", auditors).length;
  const counted = new Set(sayings(record, "observe/hand-count", boards).map(({ content }) => content.contest));
  return [
    `cards read: ${read.join(", ")}`,
    `opened: ${sum(opened)}`,
    `risks signed: ${signed}`,
    ...(counted.size === 0 ? [] : [`counted by hand: ${[...counted].sort().join(", ")}`]),
  ].join("; ");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
