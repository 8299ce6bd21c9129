import type { WatchedSourceStatus } from "@detente/station";
import { sizeText } from "@detente/telemetry/size-text";
import type { Cli } from "../cli.ts";
import { moment, plain } from "./text.ts";

/** Faults of a source that are shown, the newest. */
const FAULTS = 3;

/** How the sources that the station watches are doing. */
export function watchLines(cli: Cli, sources: readonly WatchedSourceStatus[]): string[] {
  const header = [
    "watched",
    "indicators",
    "logs",
    "read",
    "a second",
    "hits",
    "counting",
    "noisy",
    "pending",
    "faults",
  ];
  const rows = sources.map((source) => [
    source.name,
    source.indicators ?? "?",
    source.files,
    sizeText(source.bytes),
    sizeText(source.bytesPerSecond),
    source.hits,
    source.open,
    source.noisy,
    source.pending,
    source.faultCount,
  ]);
  const { bad, doubtful } = cli.palette;
  const pending = sources.some((source) => source.pending > 0);
  return [
    ...cli.table(header, rows),
    ...sources.flatMap(({ logs }) =>
      logs.map(({ path, offset, line }) => `  ${plain(path, 300)}: read up to line ${line}, ${sizeText(offset)}`),
    ),
    ...sources.flatMap(({ name, faults }) =>
      faults.slice(-FAULTS).map(({ at, message }) => bad(`${name}: ${plain(message, 300)} (${moment(at)})`)),
    ),
    ...(pending ? [doubtful("sightings are pending: `detente watch pending`")] : []),
  ];
}
