/** Tells what the parties do, to a person or to nobody. */
export interface Teller {
  readonly line: (text: string) => void;
  /** What goes on right now: on a terminal, until something else is told. */
  readonly note: (text: string) => void;
}

export const SILENT: Teller = { line: () => undefined, note: () => undefined };

/** The last column stays free, or a terminal begins another line, which could not be taken back. */
const MARGIN = 1;

export function tellerTo(out: NodeJS.WriteStream): Teller {
  let isNoted = false;
  const clear = (): string => (isNoted ? "\r\x1b[K" : "");
  return {
    line(text) {
      out.write(`${clear()}${text}\n`);
      isNoted = false;
    },
    note(text) {
      if (!out.isTTY) return;
      out.write(`${clear()}${text.slice(0, out.columns - MARGIN)}`);
      isNoted = true;
    },
  };
}
