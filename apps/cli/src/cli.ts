import type { Context } from "./context.ts";
import type { Station } from "./station.ts";
import { type Palette, paletteFor } from "./ui/paint.ts";
import { type Progress, progress } from "./ui/progress.ts";
import { type Cell, table } from "./ui/table.ts";
import { plain } from "./ui/text.ts";

/** What a command works with: where it prints, which station it is about. */
export class Cli {
  readonly context: Context;
  /** The station's data directory. */
  readonly dir: string;
  /** Whether standard output is for programs. */
  readonly isJson: boolean;
  readonly palette: Palette;

  constructor(context: Context, flags: { readonly data?: string | undefined; readonly json: boolean }) {
    this.context = context;
    this.dir = flags.data ?? context.process.env?.["DETENTE_DATA"] ?? "./data";
    this.isJson = flags.json;
    this.palette = paletteFor(context);
  }

  print(...lines: readonly string[]): void {
    this.printAll(lines);
  }

  /** Of any number of lines: more than a hundred thousand are no arguments. */
  printAll(lines: readonly string[]): void {
    if (lines.length > 0) this.context.process.stdout.write(`${lines.join("\n")}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value));
  }

  /** For people, beside the output that may be read by a program. A line may quote a file of somebody else's. */
  remark(...lines: readonly string[]): void {
    for (const line of lines) this.context.process.stderr.write(`${plain(line, 4000)}\n`);
  }

  table(header: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
    return table(header, rows, this.palette);
  }

  /** @param show how amounts are written: as bytes, unless said otherwise */
  progress(label: string, total: number | undefined, show?: (amount: number) => string): Progress {
    return progress(this.context, label, total, show);
  }

  /** Talks with the running station of the data directory. */
  async withStation<T>(use: (station: Station) => Promise<T>): Promise<T> {
    // Only now, since with it come the settings' schemas: half of all that most commands load.
    const { connect } = await import("./station.ts");
    const station = await connect(this.dir);
    try {
      return await use(station);
    } finally {
      await station.close();
    }
  }
}
