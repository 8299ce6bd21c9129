import { ok, type Result } from "@detente/basics";
import { cleanText, isStricter } from "@detente/intel";
import { audienceKey, type Tlp } from "@detente/record";
import type { ObjectStore, StoredObject } from "@detente/store";
import type { Clock } from "../../clock.ts";
import { Job, type StepOutcome } from "../../sync/job.ts";
import type { UnitRuntime } from "../../unit-runtime.ts";
import type { WireFetch } from "../../wire/wire-fetch.ts";
import { readCredentials } from "../client/credentials.ts";
import { identified } from "../client/identify.ts";
import { mayLeave } from "../client/may-leave.ts";
import { outboundFetch } from "../client/outbound.ts";
import { pull } from "../client/pull.ts";
import { push } from "../client/push.ts";
import { CLIENT_LIMITS, type RemoteCollection } from "../client/requests.ts";
import { pulledCollectionId, sharedCollectionId } from "../collections.ts";
import { checkObject } from "../object-check.ts";
import { PROGRESS } from "../progress.ts";
import type { ScheduledExchange } from "./scheduled-exchange.ts";

export interface SchedulerOptions {
  readonly objects: ObjectStore;
  /** Undefined while there is no unit, or while its record is being read. */
  readonly unit: () => UnitRuntime | undefined;
  readonly clock: Clock;
  /** How servers are asked; over sockets unless given. */
  readonly fetch: WireFetch | undefined;
  readonly onFault: (doing: string, error: unknown) => void;
}

/** How an exchange is doing: of the last run that ended. */
export interface ExchangeStatus {
  readonly name: string;
  readonly direction: "pull" | "push";
  /** Milliseconds since 1970; `null` before the first run ended. */
  readonly at: number | null;
  /** New objects here, or objects that the other took. */
  readonly objects: number;
  /** Not taken, here or there. */
  readonly refused: number;
  /** What went wrong; empty if nothing did. */
  readonly fault: string;
}

interface Outcome {
  readonly objects: number;
  readonly refused: number;
}

/** Until there is a unit. */
const NOT_YET = 5000;
const NOTHING: Outcome = { objects: 0, refused: 0 };

/**
 * Pulls from and pushes to servers outside at intervals. What is pulled lies in a collection of this party's own and
 * goes nowhere from there: to share it takes an officer. A run that fails, or that does not get all that there is, is
 * followed by another after the interval, from where the last one came to.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #jobs: Job[] = [];
  readonly #status = new Map<string, ExchangeStatus>();
  #exchanges: readonly ScheduledExchange[] = [];

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(exchanges: readonly ScheduledExchange[]): void {
    this.#exchanges = exchanges;
    const { clock, onFault } = this.#options;
    for (const exchange of exchanges) {
      const { name, direction } = exchange;
      this.#status.set(name, { name, direction, at: null, objects: 0, refused: 0, fault: "" });
      const fault = (error: unknown): void => onFault(`${direction} ${name}`, error);
      const job = new Job(clock, (signal) => this.#step(exchange, signal), fault);
      this.#jobs.push(job);
      job.wake();
    }
  }

  /** The names of what is pulled. */
  pulled(): readonly string[] {
    return this.#exchanges.filter(({ direction }) => direction === "pull").map(({ name }) => name);
  }

  /** Whether what was shared is sent anywhere. */
  get pushes(): boolean {
    return this.#exchanges.some(({ direction }) => direction === "push");
  }

  report(): readonly ExchangeStatus[] {
    return [...this.#status.values()];
  }

  async stop(): Promise<void> {
    await Promise.all(this.#jobs.map((job) => job.stop()));
  }

  async #step(exchange: ScheduledExchange, signal: AbortSignal): Promise<StepOutcome> {
    const unit = this.#options.unit();
    if (unit === undefined) return { retryAfter: NOT_YET };
    const { name, direction, interval } = exchange;
    const done = await this.#run(exchange, unit, signal);
    if (signal.aborted) return "done";
    const { objects, refused } = done.ok ? done.value : NOTHING;
    const fault = done.ok ? "" : cleanText(done.fault.message, 500);
    this.#status.set(name, { name, direction, at: this.#options.clock.now(), objects, refused, fault });
    return { retryAfter: 1000 * interval };
  }

  async #run(exchange: ScheduledExchange, unit: UnitRuntime, signal: AbortSignal): Promise<Result<Outcome>> {
    const { name, direction, url, collection, private: allowPrivate = false, audience, tlp } = exchange;
    const credentials = await readCredentials(exchange);
    if (!credentials.ok) return credentials;
    const named = credentials.value === undefined ? {} : { credentials: credentials.value };
    const outbound = this.#options.fetch === undefined ? outboundFetch({ allowPrivate }) : undefined;
    const fetch = within((this.#options.fetch ?? outbound?.fetch) as WireFetch, signal);
    try {
      const remote = await identified({ apiRoot: url, collection, ...named }, fetch, CLIENT_LIMITS);
      if (!remote.ok) return remote;
      const { apiRoot, collection: id } = remote.value;
      // Another server or collection under the same name is begun from its beginning; so is what may leave now and might not.
      const chosen = direction === "pull" ? "" : ` ${audienceKey(audience ?? "unit")} ${tlp ?? "clear"}`;
      const progress = {
        records: this.#options.objects.marks,
        key: `${PROGRESS}${direction} ${name} ${apiRoot} ${id}${chosen}`,
      };
      const common = { fetch, limits: CLIENT_LIMITS, progress };
      return await (direction === "pull"
        ? this.#pull(common, remote.value, pulledCollectionId(unit.archive.fold.unit, name), exchange)
        : this.#push(common, remote.value, exchange, unit, signal));
    } finally {
      await outbound?.close();
    }
  }

  async #pull(
    common: Common,
    from: RemoteCollection,
    collection: string,
    { name, maxBytes }: ScheduledExchange,
  ): Promise<Result<Outcome>> {
    const { objects, clock } = this.#options;
    const report = await pull({
      ...common,
      from,
      check: checkObject,
      into: { writer: objects.writer, collection, source: `pulled ${name}` },
      ...(maxBytes === undefined ? {} : { maxBytes }),
      now: () => clock.now(),
    });
    if (!report.ok) return report;
    return ok({ objects: report.value.added, refused: report.value.refusedCount });
  }

  async #push(
    common: Common,
    to: RemoteCollection,
    { audience = "unit", tlp = "clear" }: ScheduledExchange,
    unit: UnitRuntime,
    signal: AbortSignal,
  ): Promise<Result<Outcome>> {
    const { objects, clock } = this.#options;
    const byMarking = mayLeave(tlp);
    const report = await push({
      ...common,
      to,
      from: { reader: objects.reader, collection: sharedCollectionId(unit.archive.fold.unit, audienceKey(audience)) },
      obstacle: (object) => byMarking(object) ?? obstacleByShare(unit, object, tlp),
      wait: (ms) => clock.sleep(ms, signal),
    });
    return report.ok ? ok({ objects: report.value.taken, refused: report.value.refusedCount }) : report;
  }
}

type Common = Pick<Parameters<typeof pull>[0], "fetch" | "limits" | "progress">;

/**
 * What a share holds is under the share's label, whether it bears one itself or not; what stations derive from its items
 * bears it already.
 */
function obstacleByShare({ indexer }: UnitRuntime, { source }: StoredObject, strictest: Tlp): string | undefined {
  const share = indexer.share(source);
  if (share === undefined) return "is of a share that is not on the record here";
  const { tlp } = share.content;
  return share.kind === "objects" && isStricter(tlp, strictest)
    ? `is in a share that is TLP:${tlp.toUpperCase()}, and TLP:${strictest.toUpperCase()} is the strictest that may leave`
    : undefined;
}

/** Requests end when the station stops. */
function within(fetch: WireFetch, stopping: AbortSignal): WireFetch {
  return (url, init) => fetch(url, { ...init, signal: AbortSignal.any([init.signal, stopping]) });
}
