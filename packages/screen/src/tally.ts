import type { Flag, FlagCode, Hit, HitIndicator, IndicatorTally, LogFormat, ScreeningSummary } from "./hit.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts what a screening saw; memory grows with the indicators that hit, not with the log. */
export class Tally<Ref> {
  readonly #name: string;
  readonly #byIndicator = new Map<HitIndicator<Ref>, Mutable<IndicatorTally<Ref>>>();
  readonly #flags = new Map<FlagCode, Mutable<Flag>>();
  format: LogFormat | null = null;
  lines = 0;
  bytes = 0;
  #hits = 0;
  #from: number | null = null;
  #to: number | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  hit({ indicator, line, time }: Hit<Ref>): void {
    this.#hits++;
    const known = this.#byIndicator.get(indicator);
    if (known === undefined) {
      this.#byIndicator.set(indicator, { indicator, count: 1, line, first: time, last: time });
      return;
    }
    known.count++;
    known.first = earlier(known.first, time);
    known.last = later(known.last, time);
  }

  /** Flags lines, of which the first is given; several windows of one line count once. */
  flag(code: FlagCode, line: number, count = 1): void {
    const known = this.#flags.get(code);
    if (known === undefined) this.#flags.set(code, { code, count, line });
    else known.count += count;
  }

  time(time: number | null): void {
    this.#from = earlier(this.#from, time);
    this.#to = later(this.#to, time);
  }

  summary(): ScreeningSummary<Ref> {
    return {
      name: this.#name,
      format: this.format,
      lines: this.lines,
      bytes: this.bytes,
      hits: this.#hits,
      byIndicator: [...this.#byIndicator.values()].map((tally) => ({ ...tally })),
      flags: [...this.#flags.values()].map((flag) => ({ ...flag })).sort((a, b) => (a.code < b.code ? -1 : 1)),
      from: this.#from,
      to: this.#to,
    };
  }
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
