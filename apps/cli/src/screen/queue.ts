import type { Result } from "@detente/basics";
import type { LogFormat, ScreeningSummary } from "@detente/screen";
import {
  connectQueue,
  type JobState,
  type Queue,
  QueueError,
  type QueuedScreening,
  type QueueSettings,
  type SubmittedJob,
  submitJob,
} from "@detente/telemetry";
import { type OptionalFlag, optional, wholeNumber, yes } from "../args.ts";
import type { Cli } from "../cli.ts";
import { orTrouble, Trouble } from "../trouble.ts";
import { amount, plain, sizeText } from "../ui/text.ts";
import { flagLines, hitJson, hitLine } from "./hit-lines.ts";
import { queueServers, queueSettings } from "./queue-settings.ts";
import { type Origin, watchItems } from "./watch-list.ts";

/** What `screen` takes for the queue. */
export type QueueFlags = {
  readonly queue?: readonly string[];
  readonly keep: boolean;
  readonly segment?: number;
  readonly patience?: number;
};

export const QUEUE_FLAGS: {
  readonly queue: OptionalFlag<readonly string[]>;
  readonly keep: ReturnType<typeof yes>;
  readonly segment: OptionalFlag<number>;
  readonly patience: OptionalFlag<number>;
} = {
  queue: optional(queueServers, "url", "let the workers of this NATS queue do it: see `detente worker --help`"),
  keep: yes("leave the job in the queue when it is done"),
  segment: optional(byteCount, "size", "what one worker takes at once, such as 16M (default: 64M)"),
  patience: optional(wholeNumber, "seconds", "after which a silent worker's part goes to another (default: 30)"),
};

const DEFAULT_SEGMENT: number = 64 * 2 ** 20;
const DEFAULT_PATIENCE = 30;
/** Nobody is told of missing workers before, as one may just be starting. */
const DESERTED_MS = 5000;

function byteCount(text: string): number {
  const parts = /^([1-9][0-9]{0,11})([KMG]?)$/i.exec(text);
  if (parts === null) throw new Error(`"${text}" is not a size; write it as 65536, 512K, 64M or 1G`);
  return Number(parts[1]) * 1024 ** " KMG".indexOf((parts[2] || " ").toUpperCase());
}

/** Uses the queue; what its server says or does not say is trouble. */
export async function withQueue<T>(settings: QueueSettings, use: (queue: Queue) => Promise<T>): Promise<T> {
  try {
    const queue = await connectQueue(settings);
    try {
      return await use(queue);
    } finally {
      await queue.close();
    }
  } catch (error) {
    throw error instanceof QueueError ? new Trouble("--queue", error.message) : error;
  }
}

/**
 * Has logs screened by the workers of a queue and prints the hits in their order, as screening here does. Ends in
 * trouble, after all hits, if some part of a log was screened by nobody.
 */
export async function screenByQueue(
  cli: Cli,
  servers: readonly string[],
  paths: readonly string[],
  flags: QueueFlags & {
    readonly format?: LogFormat;
    readonly indicators?: readonly string[];
    readonly sightings: boolean;
  },
): Promise<ScreeningSummary<Origin>[]> {
  if (paths.includes("-")) throw new Trouble("-", "workers cannot read standard input", "name files, or omit --queue");
  const items = await watchItems(cli, flags.indicators);
  const settings = await queueSettings(cli, servers);
  return withQueue(settings, async (queue) => {
    const watch = new Watch(cli);
    const submitted = await submitJob(queue, {
      paths,
      items,
      format: flags.format,
      segmentLength: flags.segment ?? DEFAULT_SEGMENT,
      ackWaitMs: 1000 * (flags.patience ?? DEFAULT_PATIENCE),
      onState: watch.see,
    });
    const job = orTrouble(submitted, placeOf(submitted, paths));
    watch.begin(job.state());
    const summaries = await printLogs(cli, paths, job, flags.sightings, watch);
    cli.remark(watch.lastWords(job.state()));
    if (!flags.keep) await job.remove();
    tellMissing(cli, paths, job);
    return summaries;
  });
}

/** The log that a fault is about. */
function placeOf(result: Result<unknown>, paths: readonly string[]): string {
  return paths.find((path) => !result.ok && result.fault.message.startsWith(`${path}: `)) ?? "--queue";
}

async function printLogs(
  cli: Cli,
  paths: readonly string[],
  job: SubmittedJob<Origin>,
  sightings: boolean,
  watch: Watch,
): Promise<ScreeningSummary<Origin>[]> {
  const summaries: ScreeningSummary<Origin>[] = [];
  for (const [i, path] of paths.entries()) {
    const screening = job.logs[i] as QueuedScreening<Origin>;
    for await (const hit of screening) {
      watch.clear();
      if (cli.isJson) cli.printJson(hitJson(path, hit));
      else if (!sightings) cli.print(hitLine(cli, path, hit));
    }
    watch.clear();
    const summary = screening.summary();
    cli.remark(...flagLines(summary));
    summaries.push(summary);
  }
  return summaries;
}

/** An incomplete result is not to be taken for one: it has no summary, and nothing of it is posted. */
function tellMissing(cli: Cli, paths: readonly string[], job: SubmittedJob<Origin>): void {
  let missing = 0;
  for (const [i, path] of paths.entries()) {
    for (const { from, to, reason } of job.logs[i]?.unscreened ?? []) {
      missing++;
      if (cli.isJson) cli.printJson({ unscreened: { file: path, from, to, reason } });
      cli.remark(`detente: ${plain(path, 500)}: bytes ${from} to ${to} were not screened: ${plain(reason, 500)}`);
    }
  }
  if (missing > 0) {
    const what = `${amount(missing, "part")} of the logs ${missing === 1 ? "was" : "were"} screened by nobody`;
    throw new Trouble("--queue", what, "remove the causes named above and run it again");
  }
}

/** What a person sees while workers work. */
class Watch {
  readonly #cli: Cli;
  readonly #begun: number;
  readonly #bar: ReturnType<Cli["progress"]>;
  #state: JobState | undefined;
  #desertedSince: number | undefined;

  /** What others did before. */
  #earlier = 0;

  constructor(cli: Cli) {
    this.#cli = cli;
    this.#begun = cli.context.now();
    this.#bar = cli.progress("queue", undefined, () => (this.#state === undefined ? "" : this.#words(this.#state)));
  }

  begin({ bytes }: JobState): void {
    this.#earlier = bytes;
  }

  readonly see = (state: JobState): void => {
    this.#state = state;
    this.#bar.set(state.settled, state.segments);
    const now = this.#cli.context.now();
    if (!state.isDeserted) this.#desertedSince = undefined;
    else if (this.#desertedSince === undefined) this.#desertedSince = now;
    else if (now - this.#desertedSince > DESERTED_MS) {
      this.clear();
      this.#cli.remark("detente: --queue: no worker asks for work — start `detente worker --queue …` somewhere");
      this.#desertedSince = Number.POSITIVE_INFINITY;
    }
  };

  clear(): void {
    this.#bar.clear();
  }

  lastWords(state: JobState): string {
    return `queue: ${this.#words(state)}`;
  }

  #words({ segments, bytes, workers }: JobState): string {
    const seconds = Math.max(0.001, (this.#cli.context.now() - this.#begun) / 1000);
    return `${amount(segments, "segment")}, ${amount(workers.size, "worker")}, ${sizeText(Math.round((bytes - this.#earlier) / seconds))}/s`;
  }
}
