import type { Context } from "../context.ts";
import { sizeText } from "./text.ts";

export interface Progress {
  /** So much more of the work is done. */
  readonly add: (amount: number) => void;
  /** So much of it is done, of so much. */
  readonly set: (done: number, total: number | undefined) => void;
  /** Removes the bar, so that what is printed next begins on a clean line. */
  readonly clear: () => void;
}

const NONE: Progress = { add: () => undefined, set: () => undefined, clear: () => undefined };
const WIDTH = 24;
const REDRAW_MS = 100;

/**
 * A bar on standard error while something long goes on; nothing where that is no terminal.
 * @param total undefined where nobody knows
 * @param show how amounts are written: as bytes, unless said otherwise
 */
export function progress(
  context: Context,
  label: string,
  total: number | undefined,
  show: (amount: number) => string = sizeText,
): Progress {
  if (!context.isTerminal.stderr) return NONE;
  let sum = 0;
  let drawnAt = 0;
  const set = (done: number, of: number | undefined): void => {
    const now = context.now();
    if (now - drawnAt < REDRAW_MS) return;
    drawnAt = now;
    context.process.stderr.write(`\r\x1b[K${label} ${barOf(done, of, show)}`);
  };
  return {
    set,
    add: (amount) => set((sum += amount), total),
    clear: () => {
      if (drawnAt === 0) return;
      drawnAt = 0;
      context.process.stderr.write("\r\x1b[K");
    },
  };
}

function barOf(done: number, total: number | undefined, show: (amount: number) => string): string {
  if (total === undefined || total === 0) return show(done);
  const part = Math.min(1, done / total);
  const full = Math.round(part * WIDTH);
  return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}] ${Math.floor(part * 100)}% of ${show(total)}`;
}
