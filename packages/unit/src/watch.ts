import type { Json } from "@detente/basics";
import type { CheckContent, Coverage as Span, SightingContent } from "@detente/record";
import { Coverage } from "./coverage.ts";
import type { Statement } from "./statement.ts";

/** What counts of a party's sightings of a share. */
export interface SightingTotals {
  readonly statements: number;
  /** Occurrences; stays at 2^53 - 1 where it would exceed it. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

export type CheckTotals = Readonly<Record<CheckContent["outcome"], number>>;

const NO_CHECKS: CheckTotals = { pass: 0, fail: 0, "no-access": 0, "not-run": 0 };

/** What one party has observed about one statement, and for how long it watched. */
export class Watch {
  /** Sightings, false positives, checks and kinds that are not known here. */
  readonly statements: Statement[] = [];
  sightings: SightingTotals | undefined;
  falsePositives = 0;
  checks: CheckTotals = NO_CHECKS;
  /** When the party watched, and when it could not. */
  readonly observed: Coverage = new Coverage();
  readonly withoutAccess: Coverage = new Coverage();

  add(statement: Statement): void {
    const { body } = statement;
    this.statements.push(statement);
    if (body?.name === "observe/sighting") {
      this.sightings = addSighting(this.sightings, body.content);
      cover(this.observed, body.content.coverage);
    } else if (body?.name === "observe/false-positive") {
      this.falsePositives++;
    } else if (body?.name === "observe/check") {
      const { outcome, coverage } = body.content;
      this.checks = { ...this.checks, [outcome]: this.checks[outcome] + 1 };
      if (outcome === "no-access") cover(this.withoutAccess, coverage);
      else if (outcome !== "not-run") cover(this.observed, coverage);
    }
  }

  summary(): Json {
    return {
      statements: this.statements.length,
      sightings: this.sightings === undefined ? null : { ...this.sightings },
      falsePositives: this.falsePositives,
      checks: this.checks,
      observed: this.observed.total,
      withoutAccess: this.withoutAccess.total,
    };
  }
}

function cover(coverage: Coverage, { from, to }: Span): void {
  coverage.add(from, to);
}

function addSighting(totals: SightingTotals | undefined, { count, first, last }: SightingContent): SightingTotals {
  if (totals === undefined) return { statements: 1, count, first, last };
  return {
    statements: totals.statements + 1,
    // Beyond 2^53 sums would depend on their order.
    count: Math.min(totals.count + count, Number.MAX_SAFE_INTEGER),
    first: Math.min(totals.first, first),
    last: Math.max(totals.last, last),
  };
}
