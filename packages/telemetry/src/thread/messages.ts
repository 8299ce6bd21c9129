import type { Hit, ScreenOptions, ScreeningSummary } from "@detente/screen";

/** So many lists are kept ready: those of sources that look for different things take turns. */
export const SLOTS = 4;

/**
 * What is asked of the thread: to take up an image (its bytes are shared with the thread that made it), to begin a log,
 * to go on with more of it, to come to its end.
 */
export type Order =
  | { readonly image: Uint8Array; readonly slot: number }
  | { readonly begin: ScreenOptions; readonly slot: number }
  | { readonly chunk: Uint8Array }
  | { readonly end: true };

/** What was found in what came so far; with the summary it is the last one. References are places in the image. */
export interface Answer {
  readonly hits: readonly Hit<number>[];
  readonly summary?: ScreeningSummary<number>;
}
