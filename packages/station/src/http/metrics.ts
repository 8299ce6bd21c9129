import type { MiddlewareHandler } from "hono";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Station } from "../station.ts";
import { arrivingMetrics } from "./arriving-metrics.ts";
import { watchMetrics } from "./watch-metrics.ts";

/** Counts and times for Prometheus; names of parties and logs, never what they hold. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter;
  readonly #seconds: Histogram;

  constructor(station: Station) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Counter({
      name: "detente_http_requests_total",
      help: "requests answered",
      labelNames: ["area", "status"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "detente_http_request_seconds",
      help: "time to answer",
      labelNames: ["area"],
      registers,
    });
    const logEntries = new Gauge({
      name: "detente_log_entries",
      help: "entries held of each log",
      labelNames: ["log"],
      registers: [],
      collect() {
        for (const origin of station.unit?.archive.origins() ?? []) {
          this.set({ log: origin }, station.unit?.archive.log(origin)?.size ?? 0);
        }
      },
    });
    const ownEntries = new Gauge({
      name: "detente_own_log_entries",
      help: "entries of this party's log: recorded here, cosigned and mirrored by a quorum of others",
      labelNames: ["state"],
      registers: [],
      collect() {
        this.set({ state: "recorded" }, station.own.reader.size);
        this.set({ state: "witnessed" }, station.unit?.cosignatures.witnessedSize() ?? 0);
        this.set({ state: "held" }, station.unit?.heldSize() ?? 0);
      },
    });
    const ready = new Gauge({
      name: "detente_ready",
      help: "1 while this station may sign",
      registers: [],
      collect() {
        this.set(station.gate.maySign ? 1 : 0);
      },
    });
    const frozen = new Gauge({
      name: "detente_frozen_logs",
      help: "logs that are proven to have two versions",
      registers: [],
      collect() {
        this.set(station.unit?.evidence.frozen().length ?? 0);
      },
    });
    const reachable = new Gauge({
      name: "detente_peer_reachable",
      help: "1 where the last exchange with a member's station went well",
      labelNames: ["party"],
      registers: [],
      collect() {
        this.reset();
        for (const { name, contact } of station.unit?.peers.list() ?? [])
          this.set({ party: name }, contact.reachable ? 1 : 0);
      },
    });
    for (const gauge of [logEntries, ownEntries, ready, frozen, reachable]) this.#registry.registerMetric(gauge);
    for (const metric of arrivingMetrics(() => station.unit?.arriving)) this.#registry.registerMetric(metric);
    for (const metric of watchMetrics(() => station.watch.report())) this.#registry.registerMetric(metric);
  }

  middleware(): MiddlewareHandler {
    return async (c, next) => {
      const area = c.req.path.split("/", 2)[1] ?? "";
      const known = ["api", "log", "witness", "mirror", "bodies", "blobs"].includes(area) ? area : "other";
      const stop = this.#seconds.startTimer({ area: known });
      await next();
      stop();
      this.#requests.inc({ area: known, status: c.res.status });
    };
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
