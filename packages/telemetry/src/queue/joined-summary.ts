import type { Flag, FlagCode, Hit, HitIndicator, IndicatorTally, LogFormat, ScreeningSummary } from "@detente/screen";
import type { RangeSummary } from "./outcome.ts";

/** The summary of a log from those of its parts, which come in the order of the log. */
export class JoinedSummary<Ref> {
  readonly #name: string;
  readonly #byIndicator = new Map<HitIndicator<Ref>, IndicatorTally<Ref>>();
  readonly #flags = new Map<FlagCode, Flag>();
  #format: LogFormat | null = null;
  #bytes = 0;
  #hits = 0;
  #from: number | null = null;
  #to: number | null = null;
  /** Lines of the parts so far: what the next part's lines are counted from. */
  lines = 0;

  constructor(name: string) {
    this.#name = name;
  }

  hit({ indicator, line, time }: Hit<Ref>): void {
    this.#hits++;
    const { count, line: first, ...times } = this.#byIndicator.get(indicator) ?? NO_TALLY;
    this.#byIndicator.set(indicator, {
      indicator,
      count: count + 1,
      line: first ?? line,
      first: pick(Math.min, times.first, time),
      last: pick(Math.max, times.last, time),
    });
  }

  part({ format, lines, bytes, flags, from, to }: RangeSummary): void {
    this.#format ??= format;
    for (const { code, count, line } of flags) {
      const known = this.#flags.get(code);
      this.#flags.set(code, { code, count: count + (known?.count ?? 0), line: known?.line ?? this.lines + line });
    }
    this.#from = pick(Math.min, this.#from, from);
    this.#to = pick(Math.max, this.#to, to);
    this.#bytes += bytes;
    this.lines += lines;
  }

  summary(): ScreeningSummary<Ref> {
    return {
      name: this.#name,
      format: this.#format,
      lines: this.lines,
      bytes: this.#bytes,
      hits: this.#hits,
      byIndicator: [...this.#byIndicator.values()],
      flags: [...this.#flags.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
      from: this.#from,
      to: this.#to,
    };
  }
}

const NO_TALLY = { count: 0, line: undefined, first: null, last: null };

function pick(choose: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : choose(a, b);
}
