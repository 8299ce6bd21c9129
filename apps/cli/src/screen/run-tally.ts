import type { Flag, FlagCode, HitClass } from "@detente/screen";
import type { HitRecord, Seen } from "@detente/telemetry";
import { TimeBins } from "../ui/plot.ts";
import type { Origin } from "./watch-list.ts";

export type ScreenHit = HitRecord<Origin>;

/** How often an indicator was seen in a log, and when first and last; null where its lines have no times. */
interface IndicatorTally {
  readonly indicator: ScreenHit["indicator"];
  readonly from: ScreenHit["from"];
  readonly count: number;
  /** How many hits of each class. */
  readonly classes: { readonly [Class in HitClass]?: number };
  readonly first: number | null;
  readonly last: number | null;
}

/** What a run saw of a log. */
export interface LogTally extends Seen {
  readonly indicators: readonly IndicatorTally[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type Counting = Mutable<IndicatorTally> & { readonly classes: { [Class in HitClass]?: number } };

/** Counts what a run sees: memory grows with the indicators that hit and the logs that hold them, not with hits. */
export class RunTally {
  readonly #seen = new Map<string, Mutable<Seen>>();
  readonly #indicators = new Map<string, Map<string, Counting>>();
  readonly times: TimeBins = new TimeBins();
  hits = 0;

  hit({ file, indicator, from, time, class: as }: ScreenHit): void {
    this.hits++;
    if (time !== null) this.times.add(time);
    const known = this.#indicators.get(file) ?? new Map<string, Counting>();
    this.#indicators.set(file, known);
    const key = JSON.stringify([indicator, from]);
    const tally = known.get(key) ?? { indicator, from, count: 0, classes: {}, first: null, last: null };
    known.set(key, tally);
    tally.count++;
    tally.classes[as] = (tally.classes[as] ?? 0) + 1;
    tally.first = earlier(tally.first, time);
    tally.last = later(tally.last, time);
  }

  /** Adds what was seen of a log to what was seen of it before. */
  see(seen: Seen): void {
    const before = this.#seen.get(seen.name);
    if (before === undefined) {
      this.#seen.set(seen.name, { ...seen });
      return;
    }
    before.format = seen.format ?? before.format;
    before.lines += seen.lines;
    before.bytes += seen.bytes;
    before.hits += seen.hits;
    before.flags = joinFlags(before.flags, seen.flags);
    before.from = earlier(before.from, seen.from);
    before.to = later(before.to, seen.to);
  }

  /** In the order in which they were first seen. */
  logs(): LogTally[] {
    return [...this.#seen.values()].map((seen) => {
      return { ...seen, indicators: [...(this.#indicators.get(seen.name)?.values() ?? [])] };
    });
  }
}

function joinFlags(a: readonly Flag[], b: readonly Flag[]): Flag[] {
  const joined = new Map<FlagCode, Flag>(a.map((flag) => [flag.code, flag]));
  for (const flag of b) {
    const known = joined.get(flag.code);
    joined.set(flag.code, known === undefined ? flag : { ...known, count: known.count + flag.count });
  }
  return [...joined.values()];
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
