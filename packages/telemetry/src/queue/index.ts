/** Screening by the workers of a queue: an entry of its own, since few runs talk with one. */
export { connectQueue, type QueueLogin, type QueueSettings } from "./connect.ts";
export { isGivenUp, type Outcome } from "./outcome.ts";
export type { Queue } from "./queue.ts";
export { QueueError } from "./queue-error.ts";
export type { QueuedScreening, Unscreened } from "./queued-screening.ts";
export type { Segment } from "./segment.ts";
export type { JobState } from "./settling.ts";
export { type JobRequest, type SubmittedJob, submitJob } from "./submit.ts";
export type { Worker } from "./work.ts";
export { runWorker, type WorkerEvents } from "./worker.ts";
