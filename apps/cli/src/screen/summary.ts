import type { Cli } from "../cli.ts";
import { bars, blocksFor, timeline } from "../ui/plot.ts";
import { summaryLine, tallyTable } from "./hit-lines.ts";
import type { LogTally, RunTally } from "./run-tally.ts";

/** Indicators that get a bar. */
const MAX_BARS = 10;

/** For people: what was seen how often; on a terminal with the loudest indicators and when they were seen as plots. */
export function summaryText(cli: Cli, tally: RunTally): string[] {
  const logs = tally.logs();
  return [...tallyTable(cli, logs), ...plots(cli, tally, logs), ...logs.map(summaryLine)];
}

/** For programs. */
export function summaryJson(tally: RunTally): object {
  const logs = tally.logs();
  const files = logs.map(({ indicators: _indicators, ...seen }) => seen);
  const indicators = logs.flatMap(({ name, indicators: of }) => of.map((indicator) => ({ file: name, ...indicator })));
  return { hits: tally.hits, files, indicators };
}

function plots(cli: Cli, tally: RunTally, logs: readonly LogTally[]): string[] {
  const counts = new Map<string, number>();
  for (const { indicators } of logs) {
    for (const { indicator, count } of indicators) {
      counts.set(indicator.value, (counts.get(indicator.value) ?? 0) + count);
    }
  }
  if (!cli.context.isTerminal.stdout || counts.size === 0) return [];
  const blocks = blocksFor(cli.context);
  const loudest = [...counts].sort(([, a], [, b]) => b - a).slice(0, MAX_BARS);
  const histogram = tally.times.histogram();
  return [
    "",
    ...(counts.size > 1 ? [...bars(loudest, blocks), ""] : []),
    ...(histogram === undefined ? [] : [timeline(histogram, blocks), ""]),
  ];
}
