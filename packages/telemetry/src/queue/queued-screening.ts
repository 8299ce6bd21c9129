import { createReadStream } from "node:fs";
import { present } from "@detente/basics";
import type { Hit, HitIndicator, Screening, ScreeningSummary } from "@detente/screen";
import type { Blobs } from "./blobs.ts";
import { fileState, sameState } from "./file-state.ts";
import { JoinedSummary } from "./joined-summary.ts";
import { isGivenUp, type Outcome, type Screened } from "./outcome.ts";
import type { PlannedLog, PlannedSegment } from "./plan.ts";
import { parseHit } from "./queued-hits.ts";

/** A part of a log that was not screened. */
export interface Unscreened {
  /** Bytes of the file, from its beginning: `from` inclusive, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** For people, with the remedy. */
  readonly reason: string;
}

/** No line of hits is longer. */
const MAX_LINE: number = 32 * 1024 * 1024;
const NEWLINE = 0x0a;

/** One log of a job: its hits in its order, as if it had been screened here. */
export class QueuedScreening<Ref> implements Screening<Ref> {
  readonly #log: PlannedLog;
  readonly #blobs: Blobs;
  readonly #indicators: readonly HitIndicator<Ref>[];
  readonly #outcome: (segment: PlannedSegment) => Promise<Outcome>;
  readonly #joined: JoinedSummary<Ref>;
  readonly #unscreened: Unscreened[] = [];

  constructor(
    log: PlannedLog,
    blobs: Blobs,
    indicators: readonly HitIndicator<Ref>[],
    outcome: (segment: PlannedSegment) => Promise<Outcome>,
  ) {
    this.#log = log;
    this.#blobs = blobs;
    this.#indicators = indicators;
    this.#outcome = outcome;
    this.#joined = new JoinedSummary(log.path);
  }

  /** Complete once all hits were taken; of a log with unscreened parts it is no summary of the whole. */
  summary(): ScreeningSummary<Ref> {
    return this.#joined.summary();
  }

  /** What is missing; complete once all hits were taken. */
  get unscreened(): readonly Unscreened[] {
    return this.#unscreened;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Hit<Ref>, undefined> {
    for (const segment of this.#log.segments) {
      const outcome = await this.#outcome(segment);
      const reason = isGivenUp(outcome) ? outcome.reason : yield* this.#hits(outcome);
      if (reason === undefined) continue;
      const lines = await this.#linesOf(segment);
      const to = lines === undefined ? (this.#log.segments.at(-1) ?? segment) : segment;
      this.#unscreened.push({ from: segment.offset, to: to.offset + to.length, reason });
      if (lines === undefined) return undefined;
      this.#joined.lines += lines;
    }
    return undefined;
  }

  /** @returns why they cannot be read, if so */
  async *#hits({ hits, summary }: Screened): AsyncGenerator<Hit<Ref>, string | undefined> {
    const parts = await this.#blobs.parts(hits);
    if (!parts.ok) return `its hits are lost: ${parts.fault.message}`;
    let rest: Uint8Array = new Uint8Array(0);
    let count = 0;
    for (const digest of parts.value) {
      const part = await this.#blobs.part(digest);
      if (!part.ok) return `some of its hits are lost: ${part.fault.message}`;
      const bytes = Buffer.concat([rest, part.value]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        const hit = parseHit(bytes.subarray(from, end), this.#indicators.length, summary.lines);
        if (!hit.ok) return `its hits are not of their form: ${hit.fault.message}`;
        const { indicator: place, ...seen } = hit.value;
        const indicator = present(this.#indicators[place], "a hit's indicator");
        const whole = { ...seen, indicator, line: this.#joined.lines + seen.line };
        this.#joined.hit(whole);
        yield whole;
        count++;
        from = end + 1;
      }
      rest = bytes.subarray(from);
      if (rest.length > MAX_LINE) return "its hits are not of their form: one is too long";
    }
    if (count !== summary.hits || rest.length > 0) return "some of its hits are lost";
    this.#joined.part(summary);
    return undefined;
  }

  /** How many lines are in a part that was not screened, for the numbers of those behind it; unless nobody knows. */
  async #linesOf({ state, offset, length }: PlannedSegment): Promise<number | undefined> {
    const now = await fileState(this.#log.path);
    if (!now.ok || !sameState(now.value, state) || length === 0) return undefined;
    let lines = 0;
    const range = { start: offset, end: offset + length - 1, highWaterMark: 1 << 20 };
    try {
      for await (const chunk of createReadStream(this.#log.path, range) as AsyncIterable<Buffer>) {
        for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines++;
      }
    } catch {
      return undefined;
    }
    return lines;
  }
}
