import type { Result } from "@detente/basics";
import { findFiles, hitRecord, identityOf } from "@detente/telemetry";
import {
  connectQueue,
  type JobState,
  type Queue,
  QueueError,
  type QueuedScreening,
  type QueueSettings,
  type SubmittedJob,
  submitJob,
} from "@detente/telemetry/queue";
import { sizeText } from "@detente/telemetry/size-text";
import type { Cli } from "../cli.ts";
import { orTrouble, Trouble } from "../trouble.ts";
import { amount, plain } from "../ui/text.ts";
import type { QueueFlags } from "./queue-flags.ts";
import { queueSettings } from "./queue-settings.ts";
import type { Run } from "./run.ts";
import type { Origin } from "./watch-list.ts";

const DEFAULT_SEGMENT: number = 64 * 2 ** 20;
const DEFAULT_PATIENCE = 30;
/** Nobody is told of missing workers before, as one may just be starting. */
const DESERTED_MS = 5000;

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
  run: Run,
  servers: readonly string[],
  names: readonly string[],
  flags: QueueFlags,
): Promise<void> {
  const { cli } = run;
  if (names.includes("-")) throw new Trouble("-", "workers cannot read standard input", "name files, or omit --queue");
  const { files, faults } = await findFiles(names);
  for (const fault of faults) run.fault(fault);
  const paths = files.map(({ path }) => path);
  const settings = await queueSettings(cli, servers);
  await withQueue(settings, async (queue) => {
    const watch = new Watch(cli);
    const submitted = await submitJob(queue, {
      paths,
      items: run.list.accepted,
      format: run.flags.format,
      segmentLength: flags.segment ?? DEFAULT_SEGMENT,
      ackWaitMs: 1000 * (flags.patience ?? DEFAULT_PATIENCE),
      onState: watch.see,
    });
    const job = orTrouble(submitted, placeOf(submitted, paths));
    watch.begin(job.state());
    for (const [i, path] of paths.entries()) await printLog(run, path, job.logs[i] as QueuedScreening<Origin>, watch);
    cli.remark(watch.lastWords(job.state()));
    if (!flags.keep) await job.remove();
    tellMissing(cli, paths, job);
  });
}

/** The log that a fault is about. */
function placeOf(result: Result<unknown>, paths: readonly string[]): string {
  return paths.find((path) => !result.ok && result.fault.message.startsWith(`${path}: `)) ?? "--queue";
}

async function printLog(run: Run, path: string, screening: QueuedScreening<Origin>, watch: Watch): Promise<void> {
  const { cli, flags, list } = run;
  const input = cli.isJson ? await identityOf(path, flags.maxUnpacked) : "";
  const place = { file: path, input, list: cli.isJson ? list.version : "" };
  for await (const hit of screening) {
    watch.clear();
    run.hit(hitRecord(place, hit));
  }
  watch.clear();
  const { byIndicator: _byIndicator, ...seen } = screening.summary();
  run.tally.see(seen);
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
