import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import type { FileSystem } from "@detente/store";
import type { InputFault } from "../faults.ts";
import { follow, screenLogs, type ScreenLogsOptions } from "../follow/follow.ts";
import type { Seen } from "../follow/screen-lines.ts";
import type { HitRecord } from "../hit-record.ts";
import { decodeEntry, type Entry } from "../state/entry.ts";
import { StateDirectory } from "../state/state-directory.ts";
import { WatchList } from "../watch-list/watch-list.ts";

/** A directory with logs and a state, and a watch list. */
export class Desk {
  readonly dir: string;
  readonly faults: InputFault[] = [];
  readonly told: HitRecord<string>[] = [];
  readonly seen: Seen[] = [];
  list: WatchList<string> = listOf("evil.example");
  /** Called at each batch of hits. */
  onHits: () => Promise<void> = async () => undefined;
  /** Few, so that a log of some lines has several. */
  segmentBytes = 200;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), "detente-desk-")));
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  /** Appends lines that hit once each, named by their numbers. */
  async write(name: string, ...numbers: readonly number[]): Promise<void> {
    await appendFile(this.path(name), numbers.map(lineOf).join(""));
  }

  /** One run over logs as they stand. */
  async screen(names: readonly string[], fs?: FileSystem): Promise<void> {
    await this.#withState(fs, (options) => screenLogs(this.#paths(names), options));
  }

  /** Follows logs while `act` goes on, and until the journal holds `hits` of them. */
  async follow(names: readonly string[], act: () => Promise<void>, hits: number): Promise<void> {
    const stop = new AbortController();
    await this.#withState(undefined, async (options) => {
      const following = follow(this.#paths(names), { ...options, signal: stop.signal, pollMs: 20 });
      try {
        await act();
        await this.until(hits);
      } finally {
        stop.abort();
        await following;
      }
    });
  }

  /** Waits until the journal holds so many hits, as long as it grows. */
  async until(hits: number): Promise<void> {
    for (let last = -1, grewAt = Date.now(); ;) {
      const { length } = await this.journal();
      if (length >= hits) return;
      if (length > last) grewAt = Date.now();
      else if (Date.now() - grewAt > 60_000) throw new Error(`the journal has ${length} hits, not ${hits}`);
      last = length;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async journal(): Promise<HitRecord<string>[]> {
    const text = await readFile(this.path("state/hits.jsonl"), "utf8").catch(() => "");
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as HitRecord<string>);
  }

  /** How far the state says that logs were read. */
  async entries(): Promise<Entry[]> {
    const names = await readdir(this.path("state/inputs"));
    return Promise.all(
      names.map(async (name) => unwrap(decodeEntry(await readFile(this.path(`state/inputs/${name}`))))),
    );
  }

  /** The numbers of the lines whose hits the journal has, in its order. */
  async numbers(): Promise<number[]> {
    return (await this.journal()).map(({ match }) => Number(/^n([0-9]+)\./.exec(match)?.[1]));
  }

  remove(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }

  #paths(names: readonly string[]): string[] {
    return names.map((name) => this.path(name));
  }

  async #withState(
    fs: FileSystem | undefined,
    use: (options: ScreenLogsOptions<string>) => Promise<void>,
  ): Promise<void> {
    const state = unwrap(await StateDirectory.open(this.path("state"), fs === undefined ? {} : { fs }));
    try {
      await use({
        state,
        watchList: () => this.list,
        onHits: async (hits) => {
          this.told.push(...hits);
          await this.onHits();
        },
        onSeen: (seen) => void this.seen.push(seen),
        onFault: (fault) => void this.faults.push(fault),
        signal: new AbortController().signal,
        segmentBytes: this.segmentBytes,
      });
    } finally {
      await state.close();
    }
  }
}

export function listOf(...domains: readonly string[]): WatchList<string> {
  return new WatchList(domains.map((value) => ({ kind: "domain", value, ref: value })));
}

/** A line with one hit, whose match tells the number. */
export function lineOf(number: number): string {
  return `2026-11-25T10:00:00Z query ${number} for n${number}.evil.example from 192.0.2.${number % 250}\n`;
}

/** The numbers from 1 to `count`. */
export function upTo(count: number, from = 1): number[] {
  return Array.from({ length: count - from + 1 }, (_, i) => from + i);
}
