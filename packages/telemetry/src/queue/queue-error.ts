/** The queue's server refused or went away: said in words for people, with the remedy. */
export class QueueError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "QueueError";
  }
}

/** The job's streams are no longer there. */
export class JobGoneError extends QueueError {
  constructor() {
    super("the job is no longer in the queue: another run finished or removed it — run again");
    this.name = "JobGoneError";
  }
}
