import { sizeText } from "@detente/telemetry/size-text";
import type { Context } from "../context.ts";

export interface Progress {
  /** So much more of the work is done. */
  readonly add: (amount: number) => void;
  /** So much of it is done, of so much. */
  readonly set: (done: number, total: number | undefined) => void;
  /** Says something behind the bar from now on. */
  readonly note: (text: string) => void;
  /** Removes the bar, so that what is printed next begins on a clean line. */
  readonly clear: () => void;
}

const NONE: Progress = { add: () => undefined, set: () => undefined, note: () => undefined, clear: () => undefined };
const WIDTH = 24;
const REDRAW_MS = 100;

/**
 * A bar on standard error while something long goes on; nothing where that is no terminal.
 * @param total undefined where nobody knows
 * @param show how amounts are written: as bytes, with how many a second, unless said otherwise
 */
export function progress(
  context: Context,
  label: string,
  total: number | undefined,
  show?: (amount: number) => string,
): Progress {
  if (!context.isTerminal.stderr) return NONE;
  const began = context.now();
  let sum = 0;
  let drawnAt = 0;
  let note = "";
  const set = (done: number, of: number | undefined): void => {
    const now = context.now();
    if (now - drawnAt < REDRAW_MS) return;
    drawnAt = now;
    const rate = show === undefined && now > began ? `  ${(done / 1000 / (now - began)).toFixed(0)} MB/s` : "";
    const rest = note === "" ? "" : `  ${note}`;
    context.process.stderr.write(`\r\x1b[K${label} ${barOf(done, of, show ?? sizeText)}${rate}${rest}`);
  };
  return {
    set,
    add: (amount) => set((sum += amount), total),
    note: (text) => void (note = text),
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
