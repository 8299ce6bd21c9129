import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ObservedResults, type WatchFinding, watchResults } from "@detente/rla";
import type { Cli } from "../../cli.ts";
import type { Answer } from "../../command.ts";
import { observe, snapshotFiles } from "../../results/observed.ts";
import { Trouble } from "../../trouble.ts";
import { amount, plain } from "../../ui/text.ts";
import type { Flags } from "./watch.ts";

export async function run(cli: Cli, { interval, once }: Flags, dir: string): Promise<Answer> {
  const watch = new Watch(cli, dir);
  const ending = new AbortController();
  const { signal } = ending;
  if (!once) void cli.context.stopped().then(() => ending.abort());
  await watch.look();
  if (!once) await watchOn(watch, interval * 1000, signal);
  const { findings, files, isPartial } = watch;
  if (!cli.isJson && findings === 0) cli.print(`Nothing found in ${amount(files, "snapshot")}`);
  return { text: [], isNo: findings > 0, isPartial };
}

async function watchOn(watch: Watch, pause: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // One that went on would keep the process.
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) await watch.look();
  }
}

/** What was seen and said so far. */
class Watch {
  findings = 0;
  files = 0;
  isPartial = false;
  readonly #cli: Cli;
  readonly #dir: string;
  /** By path and change: a file may be met while it is being written. */
  readonly #observed = new Map<string, { readonly change: string; readonly results: ObservedResults | undefined }>();
  readonly #said = new Set<string>();

  constructor(cli: Cli, dir: string) {
    this.#cli = cli;
    this.#dir = dir;
  }

  /** Reads what is new, and prints findings that were not printed before. A file that cannot be read is said, once. */
  async look(): Promise<void> {
    for (const file of await snapshotFiles(this.#dir)) {
      const change = await changeOf(file.path);
      if (this.#observed.get(file.path)?.change === change) continue;
      this.#observed.set(file.path, { change, results: await this.#read(file) });
    }
    const observed = [...this.#observed.values()].flatMap(({ results }) => results ?? []);
    this.files = observed.length;
    for (const found of watchResults(observed)) {
      const text = textOf(found);
      if (this.#said.has(text)) continue;
      this.#said.add(text);
      this.findings++;
      if (this.#cli.isJson) this.#cli.printJson(jsonOf(found));
      else this.#cli.print(plain(text, 600));
    }
  }

  async #read(file: Awaited<ReturnType<typeof snapshotFiles>>[number]): Promise<ObservedResults | undefined> {
    try {
      return await observe(file);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.isPartial = true;
      this.#cli.remark(error.message);
      return undefined;
    }
  }
}

/** What tells that a file is another than it was. */
async function changeOf(path: string): Promise<string> {
  const now = await stat(path).catch(() => undefined);
  return now === undefined ? "" : `${now.size} ${now.mtimeMs}`;
}

function textOf({ finding, seen, against }: WatchFinding): string {
  const before = against === undefined ? "" : ` (against ${against.name})`;
  return `${seen.name}: ${finding.code}: ${finding.message}${before}`;
}

function jsonOf({ finding, seen, against }: WatchFinding): object {
  const evidence = ({ name, observer, at, digest, results: { time } }: ObservedResults): object => {
    return { file: name, observer, at: Math.round(at), digest, time };
  };
  return { ...finding, seen: evidence(seen), against: against === undefined ? undefined : evidence(against) };
}
