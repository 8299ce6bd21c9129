import { compareText } from "@detente/basics";
import type { BatchKey } from "../../draw/draw-ppeb.ts";
import { checked, type ReplayLine } from "../lines.ts";
import type { CountedBatch } from "./macro.ts";
import type { ArloContest, ArloReport } from "./report.ts";
import type { ArloTally, Jurisdiction } from "./sources.ts";

/** A batch that can be drawn for a contest. */
export interface BatchUnit extends CountedBatch {
  readonly key: BatchKey;
}

/**
 * The batches of a contest, in the order of the files: those whose tallies have its choices. None where a jurisdiction's
 * manifest is not there, since without its cards nothing bounds the error in a batch.
 */
export function batchUnits(contest: ArloContest, jurisdictions: readonly Jurisdiction[]): BatchUnit[] {
  const counted = jurisdictions.filter(({ tallies }) => tallies.some((tally) => votesOf(tally, contest) !== undefined));
  if (counted.some(({ batches }) => batches.length === 0)) return [];
  return counted.flatMap(({ name, batches, tallies }) => {
    const cards = new Map(batches.map((batch) => [batch.name, batch.cards]));
    return tallies.flatMap((tally) => {
      const votes = votesOf(tally, contest);
      return votes === undefined
        ? []
        : [{ key: [name, tally.name] as const, votes, cards: cards.get(tally.name) ?? 0 }];
    });
  });
}

/** A file on several contests heads its columns `contest - choice`. */
function votesOf({ votes }: ArloTally, { name, votes: choices }: ArloContest): number[] | undefined {
  const names = [...choices.keys()];
  const own = names.map((choice) => votes.get(`${name} - ${choice}`) ?? votes.get(choice));
  return own.every((count) => count !== undefined) ? own : undefined;
}

/** Whether the files are about the election of the report: their sums against its totals. */
export function unitLines(report: ArloReport, contest: ArloContest, units: readonly BatchUnit[]): ReplayLine[] {
  const place = { step: "input", contest: contest.name, file: report.file, line: contest.line } as const;
  const cards = units.reduce((sum, unit) => sum + unit.cards, 0);
  const votes = Array.from(contest.votes, ([choice, published], at) => {
    const sum = units.reduce((all, unit) => all + (unit.votes[at] ?? 0), 0);
    return checked({ ...place, what: `votes for ${choice}`, published: String(published) }, String(sum));
  });
  return [checked({ ...place, what: "ballots cast", published: String(contest.ballots) }, String(cards)), ...votes];
}

/** An order in which Arlo may have had the batches, which its draw depends on. */
export interface UnitOrder {
  readonly rule: string;
  readonly units: readonly BatchUnit[];
}

/**
 * Orders that published audits used: jurisdictions by name (bytes, or as databases sort text, without regard to case and
 * punctuation) with batches as in the uploaded files; since 2026 both by name. Each different order once.
 */
export function unitOrders(units: readonly BatchUnit[]): UnitOrder[] {
  const by = (compare: (a: BatchUnit, b: BatchUnit) => number): BatchUnit[] => [...units].sort(compare);
  const loose = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
  const orders: UnitOrder[] = [
    { rule: "jurisdictions by name, batches as filed", units: by((a, b) => compareText(a.key[0], b.key[0])) },
    {
      rule: "jurisdictions by letters, batches as filed",
      units: by((a, b) => compareText(loose(a.key[0]), loose(b.key[0]))),
    },
    {
      rule: "jurisdictions and batches by name",
      units: by((a, b) => compareText(a.key[0], b.key[0]) || compareText(a.key[1], b.key[1])),
    },
    { rule: "as the files were given", units },
  ];
  const texts = orders.map((order) => order.units.map(({ key }) => key.join("\n")).join("\0"));
  return orders.filter((_, i) => texts.indexOf(texts[i] as string) === i);
}
