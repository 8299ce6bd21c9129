import type { Context } from "../context.ts";
import { moment, plain } from "./text.ts";

const WIDTH = 30;
/** Characters of a label: the rest is cut. */
const MAX_LABEL = 48;

/** The characters that plots are drawn with, from least to most; each list begins with none. */
export interface Blocks {
  readonly rising: readonly string[];
  /** Parts of the last character of a bar. */
  readonly running: readonly string[];
}

const UNICODE: Blocks = { rising: Array.from(" ▁▂▃▄▅▆▇█"), running: Array.from(" ▏▎▍▌▋▊▉█") };
const ASCII: Blocks = { rising: Array.from(" .:-=+*#"), running: Array.from(" #") };

/** Block elements where the locale says that the terminal takes UTF-8 (POSIX.1-2017 XBD §8.2), else ASCII. */
export function blocksFor({ process: { env = {} } }: Context): Blocks {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return /utf-?8/i.test(locale ?? "") && env["TERM"] !== "dumb" ? UNICODE : ASCII;
}

/** Lines with a label, a bar of the count's part of the largest one, and the count. */
export function bars(rows: readonly (readonly [label: string, count: number])[], { running }: Blocks): string[] {
  const most = Math.max(...rows.map(([, count]) => count));
  const labels = rows.map(([label]) => plain(label, MAX_LABEL));
  const width = Math.max(...labels.map((label) => Array.from(label).length));
  return rows.map(([, count], i) => {
    const label = labels[i] ?? "";
    const gap = " ".repeat(width - Array.from(label).length);
    return `${label}${gap}  ${barOf(count / most, running)}  ${count.toLocaleString("en-US")}`;
  });
}

function barOf(part: number, running: readonly string[]): string {
  const steps = running.length - 1;
  const total = Math.max(1, Math.round(part * WIDTH * steps));
  const full = (running.at(-1) as string).repeat(Math.floor(total / steps));
  const last = total % steps === 0 ? "" : (running[total % steps] as string);
  return (full + last).padEnd(WIDTH);
}

/** A line in which each character stands for a stretch of time, between the times where it begins and ends. */
export function timeline({ counts, from, to }: Histogram, { rising }: Blocks): string {
  const most = Math.max(...counts);
  const steps = rising.length - 1;
  const line = counts
    .map((count) => rising[count === 0 ? 0 : Math.max(1, Math.round((count / most) * steps))])
    .join("");
  return `${moment(from)} |${line}| ${moment(to)}`;
}

export interface Histogram {
  readonly counts: readonly number[];
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

const MAX_BINS = 60;

/** Counts times in bins that grow with the time they span, so that there are never more than sixty. */
export class TimeBins {
  readonly #counts = new Map<number, number>();
  #width = 1000;

  add(time: number): void {
    this.#count(Math.floor(time / this.#width), 1);
    while (this.#span() > MAX_BINS) {
      this.#width *= 2;
      const narrow = [...this.#counts];
      this.#counts.clear();
      for (const [bin, count] of narrow) this.#count(Math.floor(bin / 2), count);
    }
  }

  /** Undefined where there is nothing to compare: all in one bin. */
  histogram(): Histogram | undefined {
    if (this.#counts.size < 2) return undefined;
    const first = Math.min(...this.#counts.keys());
    const counts = Array.from({ length: this.#span() }, (_, i) => this.#counts.get(first + i) ?? 0);
    return { counts, from: first * this.#width, to: (first + counts.length) * this.#width };
  }

  #count(bin: number, count: number): void {
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + count);
  }

  #span(): number {
    const bins = [...this.#counts.keys()];
    return Math.max(...bins) - Math.min(...bins) + 1;
  }
}
