import { ScreeningThread } from "@detente/telemetry";
import type { Logger } from "pino";
import type { WatchedSourceStatus } from "../api/watch-contract.ts";
import type { Clock } from "../clock.ts";
import { type ReadReport, SourceWatch } from "./source-watch.ts";
import type { ShareWatchList } from "./watch-lists.ts";
import { policyOf, type WatchedSource, type WatchPolicy } from "./watched-source.ts";

type SourceReport = ReadReport & Pick<WatchedSourceStatus, "name" | "release">;

const NOTHING_READ: ReadReport = {
  files: 0,
  logs: [],
  lines: 0,
  bytes: 0,
  bytesPerSecond: 0,
  hits: 0,
  faultCount: 0,
  faults: [],
};

export interface SourcesOptions {
  /** Has a directory for each source. */
  readonly dir: string;
  readonly list: (source: WatchedSource) => ShareWatchList;
  readonly onRead: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The sources that the settings name, each followed once `run` is called. */
export class Sources {
  readonly #options: SourcesOptions;
  /** One for all: a station has other things to do than to screen. */
  readonly #thread: ScreeningThread = new ScreeningThread();
  readonly #watches = new Map<string, SourceWatch>();
  #settings: readonly WatchedSource[] | undefined;

  constructor(options: SourcesOptions) {
    this.#options = options;
  }

  /** Takes new settings: sources that are gone or changed end; `run` begins the others. */
  async set(settings: readonly WatchedSource[]): Promise<void> {
    this.#settings = settings;
    for (const [name, watch] of this.#watches) {
      const now = settings.find((source) => source.name === name);
      if (now !== undefined && JSON.stringify(now) === JSON.stringify(watch.source)) continue;
      this.#watches.delete(name);
      await watch.close();
    }
  }

  /** Whether the settings are known: before, no source is one that was removed. */
  get isSet(): boolean {
    return this.#settings !== undefined;
  }

  /** Begins to follow what is not followed yet. */
  run(): void {
    const { dir, list, onRead, clock, logger } = this.#options;
    for (const source of this.settings()) {
      const { name } = source;
      if (this.#watches.has(name)) continue;
      const watch = new SourceWatch({
        source,
        dir: `${dir}/${name}`,
        thread: this.#thread,
        list: () => list(source),
        onRead,
        onFault: (fault) => logger.warn({ source: name, fault }, "a source cannot be watched as it should"),
        clock,
      });
      this.#watches.set(name, watch);
      watch.start();
    }
  }

  /** Those that are followed. */
  running(): SourceWatch[] {
    return [...this.#watches.values()];
  }

  settings(): readonly WatchedSource[] {
    return this.#settings ?? [];
  }

  report({ name }: WatchedSource): SourceReport {
    const { release } = this.policy(name);
    return { name, release, ...(this.#watches.get(name)?.report() ?? NOTHING_READ) };
  }

  policy(name: string): WatchPolicy {
    return policyOf(this.settings().find((source) => source.name === name));
  }

  async close(): Promise<void> {
    for (const watch of this.#watches.values()) await watch.close();
    this.#watches.clear();
    await this.#thread.close();
  }
}
