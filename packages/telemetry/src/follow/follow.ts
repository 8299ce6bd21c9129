import type { LogFormat } from "@detente/screen";
import type { InputFault } from "../faults.ts";
import type { HitRecord } from "../hit-record.ts";
import { MAX_UNPACKED } from "../limits.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import type { ScreeningThread } from "../thread/screening-thread.ts";
import type { WatchList } from "../watch-list/watch-list.ts";
import { catchUp } from "./catch-up.ts";
import { Follower, type FollowerOptions } from "./follower.ts";
import type { Seen } from "./screen-lines.ts";
import { Watcher } from "./watcher.ts";

export interface ScreenLogsOptions<Ref> {
  readonly state: StateDirectory;
  /** What is to be looked for now. Another list counts from the next segment on, and for all that was screened before. */
  readonly watchList: () => WatchList<Ref>;
  /**
   * Told hits in durable batches: each is in the state's journal when it is told. After a crash hits may be told
   * again, under the same id; the journal holds each once.
   */
  readonly onHits?: (hits: readonly HitRecord<Ref>[]) => Promise<void> | void;
  /** Told what was seen of a log, after each checkpoint. */
  readonly onSeen?: (seen: Seen) => void;
  /** Told once what is wrong with an input; screening goes on with the others. */
  readonly onFault?: (fault: InputFault) => void;
  /** Stops after the segment that is being screened; what it has come to is put down. */
  readonly signal: AbortSignal;
  /** Told by the content of each log when absent. */
  readonly format?: LogFormat;
  /** Whether hits, also in the journal, are to have the text around them. */
  readonly withContext?: boolean;
  /** Screens there, so that the calling thread stays free; on the calling thread when absent. */
  readonly thread?: ScreeningThread;
  /** Bytes that may come out of a packed log. */
  readonly maxUnpacked?: number;
  /** Bytes of a log between two checkpoints: after so many another list counts, and so many are read again at most. */
  readonly segmentBytes?: number;
  /** Milliseconds between two looks at the logs, where the system does not tell that they changed. */
  readonly pollMs?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const SEGMENT_BYTES: number = 64 * 2 ** 20;
const POLL_MS = 1000;
/** A look that something disturbed is repeated so often. */
const ATTEMPTS = 10;

/**
 * Screens the logs behind names (files, directories, patterns) from where the state says, up to where they end now,
 * and what was screened before for what is new in the list.
 */
export async function screenLogs<Ref>(names: readonly string[], options: ScreenLogsOptions<Ref>): Promise<void> {
  const complete = completed(options, true);
  const follower = new Follower(names, complete);
  try {
    for (let attempt = 0; attempt < ATTEMPTS && !(await follower.look()); attempt++);
    await catchUp(complete, async () => undefined);
  } finally {
    await follower.close();
  }
}

/**
 * Follows the logs behind names: what is written to them, through rotations and cuts, and logs that appear later,
 * until the signal. Whole lines only; a restart with the same state goes on where the last one was, and loses
 * nothing and doubles nothing.
 */
export async function follow<Ref>(names: readonly string[], options: ScreenLogsOptions<Ref>): Promise<void> {
  const complete = completed(options, false);
  const { signal, watchList } = complete;
  const follower = new Follower(names, complete);
  const watcher = new Watcher(names, options.pollMs ?? POLL_MS, signal);
  let caughtUp: string | undefined;
  try {
    while (!signal.aborted) {
      await follower.look();
      const { version } = watchList();
      if (version !== caughtUp) {
        await catchUp(complete, async () => {
          if (watcher.isDue()) await follower.look();
        });
        caughtUp = version;
      }
      await watcher.wait();
    }
  } finally {
    watcher.close();
    await follower.close();
  }
}

function completed<Ref>(options: ScreenLogsOptions<Ref>, isOnce: boolean): FollowerOptions<Ref> {
  const { state, watchList, signal, format, thread } = options;
  const nothing = (): void => undefined;
  const { onHits = nothing, onSeen = nothing, onFault = nothing } = options;
  const { maxUnpacked = MAX_UNPACKED, segmentBytes = SEGMENT_BYTES, now = Date.now, withContext = false } = options;
  const told = { onHits, onSeen, onFault };
  return { state, watchList, signal, format, withContext, thread, ...told, maxUnpacked, segmentBytes, now, isOnce };
}
