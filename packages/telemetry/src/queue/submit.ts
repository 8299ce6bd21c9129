import { ok, type Result, unwrap } from "@detente/basics";
import type { IndexedItem, LogFormat } from "@detente/screen";
import { blobName } from "./blobs.ts";
import { listBytes, listIndicators } from "./indicator-list.ts";
import { Job } from "./job.ts";
import { type PlanFault, planLogs } from "./plan.ts";
import type { Queue } from "./queue.ts";
import { QueuedScreening } from "./queued-screening.ts";
import { type JobState, Settling } from "./settling.ts";

export interface JobRequest<Ref> {
  /** Files that all workers find under the same absolute paths. */
  readonly paths: readonly string[];
  readonly items: Iterable<IndexedItem<Ref>>;
  /** Told by each log's content when absent. */
  readonly format: LogFormat | undefined;
  /** Bytes of a segment, about. */
  readonly segmentLength: number;
  /** So long a worker that gives no sign of life keeps its segment, in milliseconds. */
  readonly ackWaitMs: number;
  /** Told again and again while results are waited for. */
  readonly onState: (state: JobState) => void;
}

export interface SubmittedJob<Ref> {
  readonly id: string;
  /** One for each path; to be read to their ends one after another. */
  readonly logs: readonly QueuedScreening<Ref>[];
  state(): JobState;
  /** Takes everything of the job out of the queue. */
  remove(): Promise<void>;
}

/**
 * Puts the screening of logs into the queue, or joins it where it is there already: the same files, unchanged, against
 * the same indicators are the same job, whoever asks and however often he was interrupted.
 * @throws QueueError
 */
export async function submitJob<Ref>(
  queue: Queue,
  { paths, items, format, segmentLength, ackWaitMs, onState }: JobRequest<Ref>,
): Promise<Result<SubmittedJob<Ref>, PlanFault>> {
  const indicators = listIndicators(items);
  const list = listBytes(indicators);
  const name = await blobName([list]);
  const planned = await planLogs(paths, { length: segmentLength, format, indicators: name });
  if (!planned.ok) return planned;
  const segments = planned.value.flatMap((log) => log.segments);
  const job = new Job(queue, Job.idOf(segments));
  await job.open(ackWaitMs);
  const settling = new Settling(queue, job, segments);
  await settling.read();
  // A blob's list of parts is written last: where it is, all of it is.
  if (!(await job.blobs.part(name)).ok) unwrap(await job.blobs.put([list]));
  await job.enqueue(segments.filter((segment) => !settling.isSettled(segment)));
  return ok({
    id: job.id,
    logs: planned.value.map(
      (log) => new QueuedScreening(log, job.blobs, indicators, (segment) => settling.wait(segment, onState)),
    ),
    state: () => settling.state(),
    remove: () => job.remove(),
  });
}
