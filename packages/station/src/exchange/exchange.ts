import { randomUUID } from "node:crypto";
import { type Bytes, fromHex, present } from "@detente/basics";
import type { BlobWriter, IndexReader, ObjectStore } from "@detente/store";
import type { Logger } from "pino";
import { StandingGate } from "../admission/standing-gate.ts";
import type { Clock } from "../clock.ts";
import type { Callers } from "../setup/callers.ts";
import type { StationConfig } from "../setup/config.ts";
import type { Gate } from "../setup/gate.ts";
import type { Speaker } from "../speak/speaker.ts";
import type { OwnLog } from "../sync/own-log.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { Received } from "../wire/received.ts";
import type { WireFetch } from "../wire/wire-fetch.ts";
import type { TaxiiAccess } from "./access.ts";
import { collectionsFor, sourceOf } from "./collections.ts";
import { Feed } from "./feed.ts";
import type { ScheduledExchange } from "./schedule/scheduled-exchange.ts";
import { type ExchangeStatus, Scheduler } from "./schedule/scheduler.ts";
import { checkObject } from "./object-check.ts";
import { ReleaseDesk } from "./release/desk.ts";
import { Drawers } from "./release/drawers.ts";
import type { Shelf } from "./release/shelf.ts";
import { taxiiError } from "./server/answers.ts";
import { taxiiApp } from "./server/app.ts";

export interface ExchangeOptions {
  readonly party: string;
  readonly objects: ObjectStore;
  readonly blobs: BlobWriter;
  /** What tools brought, and is not shared yet. */
  readonly shelf: Shelf;
  readonly settings: Pick<StationConfig, "gate" | "release">;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  /** Whether this station may sign. */
  readonly gate: Gate;
  readonly identities: ReadonlySet<string>;
  readonly random: (length: number) => Bytes;
  readonly index: IndexReader;
  readonly callers: Callers;
  /** Undefined while there is no unit, or while its record is being read. */
  readonly unit: () => UnitRuntime | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How servers outside are asked; over sockets unless given. */
  readonly fetch?: WireFetch;
}

/**
 * How this party's own tools read what was shared with it, and bring what is to be shared: collections over TAXII 2.1,
 * kept in step with the record.
 */
export class Exchange {
  /** Where waits what tools have brought. */
  readonly desk: ReleaseDesk;
  readonly #options: ExchangeOptions;
  readonly #feed: Feed;
  readonly #scheduler: Scheduler;
  readonly #serve: (received: Received) => Response | Promise<Response>;

  constructor(options: ExchangeOptions) {
    const { party, objects, blobs, index, callers, unit, clock, logger } = options;
    this.#options = options;
    this.#scheduler = new Scheduler({
      objects,
      unit,
      clock,
      fetch: options.fetch,
      onFault: (doing, error) => logger.error({ err: error }, doing),
    });
    this.#feed = new Feed({
      objects,
      blobs,
      unit,
      isWanted: async () => this.#scheduler.pushes || (await callers.anyHas(["taxii:read", "taxii:sealed"])),
      madeAt: async (share) => {
        const [statement] = await index.statementsByLeaf(present(fromHex(share), "a leaf hash"));
        return statement?.at;
      },
      clock,
      onFault: (error) => logger.error({ err: error }, "keeping the TAXII collections"),
    });
    const admission = new StandingGate(options.settings.gate ?? {}, () => clock.now(), logger);
    const rules = options.settings.release ?? [];
    this.desk = new ReleaseDesk({ ...options, drawers: new Drawers(objects), rules, admission });
    const app = taxiiApp({
      access: accessOf(callers, unit, () => this.#scheduler.pulled()),
      store: objects,
      check: checkObject,
      take: (brought, adding) => this.desk.tools.take(brought, adding),
      takeBack: (from, object, versions) => this.desk.tools.takeBack(from, object, versions),
      title: `Détente, ${party}`,
      now: () => clock.now(),
      newId: randomUUID,
      onError: (error) => logger.error({ err: error }, "a TAXII request failed"),
    });
    this.#serve = ({ req, env }) => app.fetch(req.raw, env ?? {});
  }

  /** Takes up what station.json says is to be exchanged with servers outside. */
  start(exchanges: readonly ScheduledExchange[]): void {
    this.#scheduler.start(exchanges);
  }

  /** How those exchanges are doing. */
  report(): readonly ExchangeStatus[] {
    return this.#scheduler.report();
  }

  /** Answers below `/taxii2/`. */
  async answer(received: Received): Promise<Response> {
    if (this.#options.unit() !== undefined) return this.#serve(received);
    return taxiiError(503, "Unavailable", "this station is not ready yet", { "retry-after": "5" });
  }

  /** The record has changed, items have come or gone, or a token was made. */
  changed(): void {
    this.#feed.changed();
    this.desk.wake();
  }

  async close(): Promise<void> {
    await this.desk.close();
    await this.#scheduler.stop();
    await this.#feed.stop();
    await this.#options.objects.idle();
    this.#options.objects.close();
  }
}

function accessOf(callers: Callers, unit: () => UnitRuntime | undefined, pulled: () => readonly string[]): TaxiiAccess {
  return {
    async principal(token) {
      const caller = await callers.identify(token);
      const current = unit();
      if (caller === undefined || current === undefined) return undefined;
      const collections = collectionsFor(caller, current, pulled());
      return { id: sourceOf(caller), collections };
    },
  };
}
