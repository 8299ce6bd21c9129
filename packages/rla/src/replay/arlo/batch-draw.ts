import { compareText } from "@detente/basics";
import type { Decimal } from "../../draw/decimal.ts";
import { type BatchKey, drawPpeb, ppebTickets } from "../../draw/draw-ppeb.ts";
import { checked, type ReplayLine } from "../lines.ts";
import { type BatchUnit, type UnitOrder, unitOrders } from "./batch-units.ts";
import { ArloMacro } from "./macro.ts";
import type { ArloContest, ArloReport, ArloRound, SampledRow } from "./report.ts";

interface BatchDrawn {
  readonly round: number;
  readonly key: BatchKey;
  readonly ticket: string;
}

/** The draw that agrees with the published one best, and by which rules. */
export interface ReplayedDraw {
  readonly macro: ArloMacro;
  readonly units: readonly BatchUnit[];
  readonly drawn: readonly BatchDrawn[];
  readonly lines: readonly ReplayLine[];
}

/** The rounds of a contest that draw, in their order. */
export function drawingRounds(
  { rounds, sampled }: ArloReport,
  { name }: ArloContest,
): { round: ArloRound; size: number }[] {
  return rounds
    .filter(({ contest }) => contest === name)
    .map((round) => {
      const published = sampled.flatMap(({ contests }) => contests.get(name)?.tickets.get(round.number) ?? []);
      return { round, size: round.size ?? published.length };
    });
}

/** Draws again by each rule that published audits used, and keeps the one that agrees best. Undefined where nothing can be drawn. */
export function replayBatchDraw(
  report: ArloReport,
  contest: ArloContest,
  units: readonly BatchUnit[],
): ReplayedDraw | undefined {
  const missing = Math.max(0, contest.ballots - units.reduce((sum, { cards }) => sum + cards, 0));
  let best: ReplayedDraw | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const uncounted of new Set([contest.pending, contest.pending + missing])) {
    const macro = new ArloMacro(contest, uncounted);
    for (const order of unitOrders(units)) {
      const bounds = order.units.map((unit) => macro.bound(unit));
      if (bounds.some((bound) => bound === undefined)) continue;
      if (bounds.every((bound) => bound?.coefficient === 0n)) continue;
      const drawn = drawInOrder(report, contest, order, bounds as Decimal[]);
      const rule =
        uncounted > contest.pending ? `${order.rule}; ballots in no batch taken from the margin` : order.rule;
      const lines = drawLines(report, contest, drawn, order.units, rule);
      const differing = lines.filter(({ verdict }) => verdict === "differs").length;
      if (differing < fewest) [best, fewest] = [{ macro, units: order.units, drawn, lines }, differing];
      if (differing === 0) return best;
    }
  }
  return best;
}

/** Where all rounds together ask for as many batches as there are, Arlo counts the rest by hand, by name. */
function drawInOrder(report: ArloReport, contest: ArloContest, { units }: UnitOrder, bounds: Decimal[]): BatchDrawn[] {
  const sequence: { round: number; key: BatchKey }[] = [];
  const keyAt = (at: number): BatchKey => (units[at] as BatchUnit).key;
  for (const { round, size } of drawingRounds(report, contest)) {
    const from = sequence.length;
    if (from + size >= units.length) {
      const before = new Set(sequence.map(({ key }) => key.join("\n")));
      const rest = units.map(({ key }) => key).filter((key) => !before.has(key.join("\n")));
      rest.sort((a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1]));
      sequence.push(...rest.map((key) => ({ round: round.number, key })));
      continue;
    }
    const drawn = drawPpeb({ seed: report.seed, bounds, count: from + size }).slice(from);
    sequence.push(...drawn.map((at) => ({ round: round.number, key: keyAt(at) })));
  }
  const tickets = ppebTickets(
    report.seed,
    sequence.map(({ key }) => key),
  );
  return sequence.map(({ round, key }, i) => ({ round, key, ticket: tickets[i] as string }));
}

function drawLines(
  report: ArloReport,
  contest: ArloContest,
  drawn: readonly BatchDrawn[],
  units: readonly BatchUnit[],
  rule: string,
): ReplayLine[] {
  const left = new Map<string, BatchDrawn[]>();
  for (const draw of drawn) {
    const name = draw.key.join("\n");
    left.set(name, [...(left.get(name) ?? []), draw]);
  }
  const place = { step: "draw", contest: contest.name, file: report.file } as const;
  const lines: ReplayLine[] = [];
  for (const row of report.sampled) {
    const own = unitsOfRow(row, units).flatMap(({ key }) => {
      const name = key.join("\n");
      const draws = left.get(name) ?? [];
      left.delete(name);
      return draws;
    });
    const published = ticketText(row.contests.get(contest.name)?.tickets ?? new Map());
    const computed = new Map<number, string[]>();
    for (const { round, ticket } of own) computed.set(round, [...(computed.get(round) ?? []), ticket]);
    if (published === NONE && own.length === 0) continue;
    const what = `${row.jurisdiction}, ${row.batch}`;
    lines.push(checked({ ...place, line: row.line, what, published }, ticketText(computed), rule));
  }
  for (const draws of left.values()) {
    for (const { round, key, ticket } of draws) {
      const line = report.rounds.find(({ number, contest: of }) => number === round && of === contest.name)?.line ?? 1;
      lines.push(checked({ ...place, line, what: key.join(", "), published: NONE }, `Round ${round}: ${ticket}`, rule));
    }
  }
  return lines;
}

const NONE = "not drawn";

/** Tickets of one ballot or batch as reports write them. */
export function ticketText(tickets: ReadonlyMap<number, readonly string[]>): string {
  const rounds = [...tickets].filter(([, of]) => of.length > 0).sort(([a], [b]) => a - b);
  if (rounds.length === 0) return NONE;
  return rounds.map(([round, of]) => `Round ${round}: ${[...of].sort(compareText).join(", ")}`).join(", ");
}

/** A report may call several containers of one scanner, `A - 1` and `A - 2`, by their common name. */
export function unitsOfRow({ jurisdiction, batch }: SampledRow, units: readonly BatchUnit[]): BatchUnit[] {
  const exact = units.filter(({ key }) => key[0] === jurisdiction && key[1] === batch);
  if (exact.length > 0) return exact;
  return units.filter(({ key }) => key[0] === jurisdiction && key[1].replace(/\s+-\s+\d+$/, "") === batch);
}
