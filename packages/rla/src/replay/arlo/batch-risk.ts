import { compareText } from "@detente/basics";
import { type Decimal, decimal } from "../../draw/decimal.ts";
import { checked, type ReplayLine, unchecked } from "../lines.ts";
import { type ReplayedDraw, unitsOfRow } from "./batch-draw.ts";
import type { BatchUnit } from "./batch-units.ts";
import { choiceVotes, votesInOrder } from "./choice-votes.ts";
import { ArloMacro } from "./macro.ts";
import type { ArloContest, ArloReport, ArloRound, SampledRow } from "./report.ts";
import { riskText } from "./risk-text.ts";

/** Errors of audited batches, by the report alone where tallies are not at hand. */
export function batchErrors(
  report: ArloReport,
  contest: ArloContest,
  replayed: ReplayedDraw | undefined,
): ReplayLine[] {
  const macro = replayed?.macro ?? new ArloMacro(contest, contest.pending);
  return report.sampled.flatMap((row) => {
    const of = row.contests.get(contest.name);
    const found = choiceVotes(of?.found ?? "");
    if (of === undefined || found === undefined) return [];
    const place = {
      contest: contest.name,
      file: report.file,
      line: row.line,
      what: `${row.jurisdiction}, ${row.batch}`,
    };
    const names = [...contest.votes.keys()];
    const published = choiceVotes(of.reported);
    const units = unitsOfRow(row, replayed?.units ?? []);
    const lines: ReplayLine[] = [];
    const reported = units.length > 0 ? sumOf(units, names.length) : published && votesInOrder(published, names);
    if (units.length > 0 && published !== undefined) {
      const listed = votesInOrder(published, names).join(", ");
      lines.push(
        checked({ ...place, step: "input", published: listed }, (reported ?? []).join(", "), "reported votes"),
      );
    }
    const line = {
      ...place,
      step: "overstatement",
      published: of.discrepancy === "" ? "none" : of.discrepancy,
    } as const;
    if (!report.hasDiscrepancies) return lines;
    if (reported === undefined) return [...lines, unchecked(line, "give the tallies of the batches along")];
    const error = macro.error(reported, votesInOrder(found, names));
    return [...lines, checked(line, error === undefined ? "none" : String(error.votes))];
  });
}

/** The risk after each round that is over. */
export function batchRisks(report: ArloReport, contest: ArloContest, replayed: ReplayedDraw | undefined): ReplayLine[] {
  return report.rounds
    .filter((round) => round.contest === contest.name && round.risk !== "")
    .map((round) => {
      const what = `round ${round.number}`;
      const published = `${round.risk}, ${round.isMet ? "met" : "not met"}`;
      const line = {
        step: "risk",
        contest: contest.name,
        file: report.file,
        line: round.line,
        what,
        published,
      } as const;
      if (replayed === undefined) return unchecked(line, "give the manifests and the tallies of all batches along");
      const draws = drawsUntil(report, contest, replayed, round);
      if (draws === undefined) return unchecked(line, "a batch that was drawn has no audit results");
      const texts = risksBy(replayed, draws, report.limit);
      const agreeing = texts.find(({ text }) => text === published) ?? texts[0];
      return checked(line, agreeing?.text ?? "", agreeing?.rule);
    });
}

interface Draw {
  readonly ticket: string;
  readonly row: SampledRow;
  readonly unit: BatchUnit;
  readonly reported: readonly number[];
  readonly found: readonly number[];
}

/** Published draws up to a round, in the order of their tickets; undefined where one was not audited. */
function drawsUntil(
  { sampled }: ArloReport,
  { name, votes }: ArloContest,
  { units, drawn }: ReplayedDraw,
  { number }: ArloRound,
): Draw[] | undefined {
  const byTicket = new Map(drawn.map(({ ticket, key }) => [ticket, key.join("\n")]));
  const draws: Draw[] = [];
  for (const row of sampled) {
    const of = row.contests.get(name);
    const tickets = [...(of?.tickets ?? [])].flatMap(([round, listed]) => (round <= number ? listed : []));
    if (of === undefined || tickets.length === 0) continue;
    const found = choiceVotes(of.found);
    const own = unitsOfRow(row, units);
    const [first] = own;
    if (found === undefined || first === undefined) return undefined;
    for (const ticket of tickets) {
      const unit = own.find(({ key }) => key.join("\n") === byTicket.get(ticket)) ?? first;
      draws.push({ ticket, row, unit, reported: sumOf(own, votes.size), found: votesInOrder(found, votes.keys()) });
    }
  }
  return draws.sort((a, b) => compareText(a.ticket, b.ticket));
}

/**
 * The risk as Arlo computes it now, over all draws; as it did until 2024, ending at the first draw that meets the limit;
 * and as it did at first, each batch once. A full count leaves no risk.
 */
function risksBy(replayed: ReplayedDraw, draws: readonly Draw[], percent: number): { rule: string; text: string }[] {
  const limit: Decimal = { coefficient: BigInt(percent), exponent: -2 };
  const text = (risk: Decimal | undefined): string => {
    const isMet = risk !== undefined && decimal.compare(risk, limit) <= 0;
    return `${riskText(risk === undefined ? 1 : Math.min(1, decimal.toNumber(risk)))}, ${isMet ? "met" : "not met"}`;
  };
  const counted = new Set(draws.flatMap(({ row }) => unitsOfRow(row, replayed.units)));
  if (counted.size === replayed.units.length) return [{ rule: "a full count", text: "0, met" }];
  const each = courseOf(replayed, draws);
  const once = courseOf(
    replayed,
    draws.filter(({ row }, i) => draws.findIndex((other) => other.row === row) === i),
  );
  const early = each.find((risk) => risk !== undefined && decimal.compare(risk, limit) <= 0);
  return [
    { rule: "all draws", text: text(each.at(-1)) },
    { rule: "draws until the limit was met", text: text(early ?? each.at(-1)) },
    { rule: "each batch once", text: text(once.at(-1)) },
  ];
}

/** The risk after each draw; undefined from the first on that can never be made up for. */
function courseOf({ macro, units }: ReplayedDraw, draws: readonly Draw[]): (Decimal | undefined)[] {
  const bounds = units.map((unit) => macro.bound(unit) ?? decimal.of(0));
  const total = bounds.reduce(decimal.add, decimal.of(0));
  let risk: Decimal | undefined = decimal.of(1);
  return draws.map(({ unit, reported, found }) => {
    const factor = macro.factor(total, macro.bound(unit) ?? decimal.of(1), macro.error(reported, found));
    risk = risk === undefined || factor === undefined ? undefined : decimal.multiply(risk, factor);
    return risk;
  });
}

function sumOf(units: readonly BatchUnit[], choices: number): number[] {
  return Array.from({ length: choices }, (_, at) => units.reduce((sum, { votes }) => sum + (votes[at] ?? 0), 0));
}
