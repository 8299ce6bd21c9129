import { Counter, Gauge, type Metric } from "prom-client";
import type { WatchedSourceStatus } from "../api/watch-contract.ts";

type Figure = (source: WatchedSourceStatus) => number;

const COUNTERS: readonly (readonly [name: string, help: string, of: Figure])[] = [
  ["bytes", "bytes of telemetry screened", ({ bytes }) => bytes],
  ["lines", "lines of telemetry screened", ({ lines }) => lines],
  ["hits", "hits of shared indicators", ({ hits }) => hits],
  ["faults", "times that a source could not be watched as it should", ({ faultCount }) => faultCount],
];

const GAUGES: readonly (readonly [name: string, help: string, of: Figure])[] = [
  ["indicators", "indicators that are looked for", ({ indicators }) => indicators ?? 0],
  ["open", "indicators with hits in windows that have not ended", ({ open }) => open],
  ["noisy", "those of them that hit too often", ({ noisy }) => noisy],
  ["pending", "sightings that were not said yet", ({ pending }) => pending],
];

/** Figures of the telemetry that is watched, by source: how much, never what. */
export function watchMetrics(report: () => readonly WatchedSourceStatus[]): Metric[] {
  const common = { labelNames: ["source"], registers: [] };
  const counters = COUNTERS.map(([name, help, of]) => {
    return new Counter({
      name: `detente_watch_${name}_total`,
      help,
      ...common,
      collect() {
        this.reset();
        for (const source of report()) this.inc({ source: source.name }, of(source));
      },
    });
  });
  const gauges = GAUGES.map(([name, help, of]) => {
    return new Gauge({
      name: `detente_watch_${name}`,
      help,
      ...common,
      collect() {
        this.reset();
        for (const source of report()) this.set({ source: source.name }, of(source));
      },
    });
  });
  return [...counters, ...gauges];
}
