import type { LogFormat, ScreeningSummary } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";
import { createScreener, type ScreenOptions } from "../screener.ts";

export interface Screened {
  readonly format: LogFormat | null;
  /** `line:column field ref class time` of each hit. */
  readonly hits: readonly string[];
  /** `code count line` of each flag. */
  readonly flags: readonly string[];
  readonly summary: ScreeningSummary<number>;
}

/** Screens a log and writes down what was found, a line a hit. */
export async function screenAll(
  index: IndicatorIndex<number>,
  log: string | Uint8Array | readonly Uint8Array[],
  options: Partial<ScreenOptions> = {},
): Promise<Screened> {
  const screening = createScreener(index).screen(chunksOf(log), { name: "log", ...options });
  const hits: string[] = [];
  for await (const hit of screening) {
    const time = hit.time === null ? "-" : new Date(hit.time).toISOString();
    hits.push(`${hit.line}:${hit.column} ${hit.field} ${hit.indicator.ref} ${hit.class} ${time}`);
  }
  const summary = screening.summary();
  const flags = summary.flags.map(({ code, count, line }) => `${code} ${count} ${line}`);
  return { format: summary.format, hits, flags, summary };
}

async function* chunksOf(log: string | Uint8Array | readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  if (typeof log === "string") yield new TextEncoder().encode(log);
  else if (log instanceof Uint8Array) yield log;
  else yield* log;
}
