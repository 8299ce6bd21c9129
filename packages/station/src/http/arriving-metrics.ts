import { Gauge, type Metric } from "prom-client";
import type { ArrivingItems } from "../api/arriving-contract.ts";

/** How much is on its way into what searches find. */
export function arrivingMetrics(report: () => ArrivingItems | undefined): Metric[] {
  const gauge = (name: string, help: string, of: (arriving: ArrivingItems) => number): Metric =>
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        const arriving = report();
        this.set(arriving === undefined ? 0 : of(arriving));
      },
    });
  return [
    gauge("detente_fetching_bytes", "bytes of shares that others have and this station has not", ({ fetching }) => {
      return fetching.of - fetching.bytes;
    }),
    gauge("detente_indexing_items", "items that are here and not found by searches yet", ({ indexing }) => {
      return indexing.of - indexing.items;
    }),
  ];
}
