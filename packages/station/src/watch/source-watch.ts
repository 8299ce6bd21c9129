import { endOf, follow, type InputFault, type ScreeningThread, StateDirectory } from "@detente/telemetry";
import type { WatchedLog, WatchedSourceStatus } from "../api/watch-contract.ts";
import type { Clock } from "../clock.ts";
import { Job, type StepOutcome } from "../sync/job.ts";
import { Rate } from "./rate.ts";
import type { ItemOfShare } from "./tally.ts";
import type { ShareWatchList } from "./watch-lists.ts";
import type { WatchedSource } from "./watched-source.ts";

export interface SourceWatchOptions {
  readonly source: WatchedSource;
  /** Remembers how far the logs were read, and has the journal of hits. */
  readonly dir: string;
  /** Screens, so that this one can answer. */
  readonly thread: ScreeningThread;
  /** Asked before each segment. */
  readonly list: () => ShareWatchList;
  /** Called after each checkpoint: there may be hits to be counted. */
  readonly onRead: () => void;
  readonly onFault: (message: string) => void;
  readonly clock: Clock;
}

/** What was read of a source. */
export type ReadReport = Pick<
  WatchedSourceStatus,
  "logs" | "files" | "lines" | "bytes" | "bytesPerSecond" | "hits" | "faultCount" | "faults"
>;

/** What cannot be read is tried again after this long. */
const RETRY = 30_000;
/** So many faults and logs are shown, the newest. */
const FAULTS = 10;
const LOGS = 20;

/** Follows the logs of one source, and keeps their hits in its journal. */
export class SourceWatch {
  readonly source: WatchedSource;
  readonly #options: SourceWatchOptions;
  readonly #job: Job;
  readonly #rate: Rate;
  #state: StateDirectory | undefined;
  #faults: WatchedSourceStatus["faults"] = [];
  #faultCount = 0;
  #bytes = 0;
  #lines = 0;
  #hits = 0;

  constructor(options: SourceWatchOptions) {
    const { source, clock } = options;
    this.#options = options;
    this.source = source;
    this.#rate = new Rate(clock.now());
    this.#job = new Job(
      clock,
      (signal) => this.#follow(signal),
      (error) => this.#fault(error instanceof Error ? error.message : String(error)),
    );
  }

  /** The journal of hits, once it is open. */
  get journal(): StateDirectory | undefined {
    return this.#state;
  }

  start(): void {
    this.#job.wake();
  }

  /** Ends after the segment that is being screened. */
  async close(): Promise<void> {
    await this.#job.stop();
    await this.#state?.close();
    this.#state = undefined;
  }

  report(): ReadReport {
    const entries = this.#state?.entries() ?? [];
    const logs = entries.slice(-LOGS).map((entry): WatchedLog => {
      const { offset, line } = endOf(entry);
      return { path: entry.path, offset, line };
    });
    return {
      logs,
      files: entries.length,
      lines: this.#lines,
      bytes: this.#bytes,
      bytesPerSecond: Math.round(this.#rate.perSecond(this.#options.clock.now())),
      hits: this.#hits,
      faultCount: this.#faultCount,
      faults: this.#faults,
    };
  }

  async #follow(signal: AbortSignal): Promise<StepOutcome> {
    const { source, dir, thread, list, onRead, clock } = this.#options;
    if (this.#state === undefined) {
      const opened = await StateDirectory.open(dir);
      if (!opened.ok) {
        this.#fault(opened.fault.message);
        return { retryAfter: RETRY };
      }
      this.#state = opened.value;
      onRead();
    }
    await follow<ItemOfShare>(source.paths, {
      state: this.#state,
      watchList: list,
      thread,
      onSeen: ({ bytes, lines, hits }) => {
        this.#bytes += bytes;
        this.#lines += lines;
        this.#hits += hits;
        this.#rate.add(bytes, clock.now());
        onRead();
      },
      onFault: ({ message }: InputFault) => this.#fault(message),
      signal,
      ...(source.format === undefined ? {} : { format: source.format }),
    });
    return "done";
  }

  #fault(message: string): void {
    this.#faultCount++;
    this.#faults = [...this.#faults, { at: this.#options.clock.now(), message }].slice(-FAULTS);
    this.#options.onFault(message);
  }
}
