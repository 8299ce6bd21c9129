import { createReadStream } from "node:fs";
import { createScreener, type IndicatorIndex, type Screening, type ScreenOptions } from "@detente/screen";
import { READ_BYTES } from "./inputs/input.ts";
import type { LogSource } from "./log-source.ts";

/** Screens logs where they are, against one index. */
export interface LogScreener<Ref> {
  /** As `Screener.screen` of `@detente/screen`, also for parts of files. */
  screen(source: LogSource, options: ScreenOptions): Screening<Ref>;
}

/** The engine that everything here screens with: the only place that chooses one. */
export function openLogScreener<Ref>(index: IndicatorIndex<Ref>): LogScreener<Ref> {
  const engine = createScreener(index);
  return { screen: (source, options) => engine.screen(bytesOf(source), options) };
}

function bytesOf(source: LogSource): AsyncIterable<Uint8Array> {
  if (!("path" in source)) return source;
  const { path, from = 0, to = Number.POSITIVE_INFINITY } = source;
  // Streams end with the byte that they are told, not before it.
  return createReadStream(path, { start: from, end: to - 1, highWaterMark: READ_BYTES });
}
