/** What of an audit is recomputed. */
export type ReplayStep =
  /** Files that must agree with one another before anything is drawn: totals of tallies, sizes of manifests. */
  | "input"
  /** How many are to be drawn. */
  | "size"
  /** What was drawn, with ticket numbers where there are any. */
  | "draw"
  /** What people found on a ballot or in a batch, against what was recorded. */
  | "overstatement"
  /** Votes of a sample, added up. */
  | "tally"
  /** The risk measured after a round, and whether it met the limit. */
  | "risk";

/** One published figure, and what comes out when it is computed again. */
export interface ReplayLine {
  readonly step: ReplayStep;
  readonly contest: string | undefined;
  /** Where it was published. */
  readonly file: string;
  readonly line: number;
  /** What the figure is of: a ballot, a batch, a round. */
  readonly what: string;
  readonly published: string;
  /** Undefined where the files given do not suffice. */
  readonly computed: string | undefined;
  readonly verdict: "agrees" | "differs" | "unchecked";
  /** By which rule it agrees, or what is missing. */
  readonly note: string | undefined;
}

export interface ReplayTotal {
  readonly step: ReplayStep;
  readonly agrees: number;
  readonly differs: number;
  readonly unchecked: number;
}

/** Where a figure was published, and of what. */
export type Published = Pick<ReplayLine, "step" | "contest" | "file" | "line" | "what" | "published">;

/** A line whose figure can be computed: it agrees to the last character or it differs. */
export function checked(published: Published, computed: string, note?: string): ReplayLine {
  const verdict = computed === published.published ? "agrees" : "differs";
  return { ...published, computed, verdict, note };
}

/** A line whose figure cannot be computed, and why. */
export function unchecked(published: Published, note: string): ReplayLine {
  return { ...published, computed: undefined, verdict: "unchecked", note };
}

const STEPS: readonly ReplayStep[] = ["input", "size", "draw", "overstatement", "tally", "risk"];

/** How many lines of each step agree and do not; steps without lines are left out. */
export function replayTotals(lines: readonly ReplayLine[]): ReplayTotal[] {
  return STEPS.flatMap((step) => {
    const of = lines.filter((line) => line.step === step);
    const count = (verdict: ReplayLine["verdict"]): number => of.filter((line) => line.verdict === verdict).length;
    if (of.length === 0) return [];
    return [{ step, agrees: count("agrees"), differs: count("differs"), unchecked: count("unchecked") }];
  });
}
