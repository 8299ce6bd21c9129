import type { InputFault } from "../faults.ts";
import type { Tracker } from "./tracker.ts";

/**
 * The bytes of a log from some place on, handed out in segments of whole lines. Only a line that is over 1 MiB and has no
 * end yet is handed out in parts: nobody is to wait for an end, or hold a line, that may be endless.
 */
export interface Content {
  /** Where it stands: behind the last segment that was taken to its end. */
  readonly tracker: Tracker;
  /** When what there is of it was written at the latest, milliseconds since the epoch. */
  readonly writtenBy: number;
  /**
   * The next lines: about `bound` bytes of them, more where one line is longer. `undefined` where nothing is left but
   * perhaps the beginning of a line. A segment must be taken to its end before the next one is asked for.
   */
  segment(bound: number): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** What stands behind the last line end, once no segment is left. */
  rest(): Promise<Rest | undefined>;
  /** Why this is not all that should have been there; known once no segment is left. */
  fault(): InputFault | undefined;
  close(): Promise<void>;
}

export interface Rest {
  /** Bytes. */
  readonly length: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}
