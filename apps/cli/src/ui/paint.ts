import type { Context } from "../context.ts";

export type Paint = (text: string) => string;

export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

/** Colours on a terminal, unless NO_COLOR is set (no-color.org). */
export function paletteFor({ process: { env = {} }, isTerminal }: Context): Palette {
  const isPlain = !isTerminal.stdout || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const sgr = (on: number, off: number): Paint => (isPlain ? String : (text) => `\x1b[${on}m${text}\x1b[${off}m`);
  return { good: sgr(32, 39), bad: sgr(31, 39), doubtful: sgr(33, 39), faint: sgr(2, 22), strong: sgr(1, 22) };
}
