import type { BlobStore, IndexStore } from "@detente/store";
import type { Logger } from "pino";
import { identitiesOf } from "./admission/identities.ts";
import type { Clock } from "./clock.ts";
import { Exchange } from "./exchange/exchange.ts";
import { Matching } from "./matching/matching.ts";
import { Granted } from "./meeting/granted.ts";
import { Meetings, openMeetings } from "./meeting/meetings.ts";
import type { Callers } from "./setup/callers.ts";
import type { StationConfig } from "./setup/config.ts";
import type { Gate } from "./setup/gate.ts";
import type { KeyKeeper } from "./setup/key-keeper.ts";
import type { Parts } from "./setup/parts.ts";
import type { Speaker } from "./speak/speaker.ts";
import { IndexUpkeep } from "./sync/index-upkeep.ts";
import type { OwnLog } from "./sync/own-log.ts";
import type { UnitRuntime } from "./unit-runtime.ts";
import { Watch } from "./watch/watch.ts";
import type { WireFetch } from "./wire/wire-fetch.ts";

export interface ServicesOptions {
  readonly dir: string;
  readonly parts: Parts;
  readonly callers: Callers;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly gate: Gate;
  readonly keeper: KeyKeeper;
  readonly blobs: BlobStore;
  readonly index: IndexStore;
  /** Undefined while there is no unit, or while its record is being read. */
  readonly unit: () => UnitRuntime | undefined;
  /** The same, and while the index lacks items that were here at the start. */
  readonly indexed: () => UnitRuntime | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: (length: number) => Uint8Array;
  /** How servers outside are asked; over sockets unless given. */
  readonly fetch?: WireFetch;
}

/** What a station does with the record for its own party: it screens, exchanges, matches and keeps its index. */
export class Services {
  readonly watch: Watch;
  readonly exchange: Exchange;
  readonly matching: Matching;
  readonly meetings: Meetings;
  readonly #upkeep: IndexUpkeep;
  readonly #config: StationConfig;

  constructor(options: ServicesOptions) {
    const { dir, parts, callers, own, speaker, gate, keeper, blobs, index, unit, indexed, clock, logger, random } =
      options;
    const { config, book, objects, shelf, answers, state } = parts;
    this.#config = config;
    const common = { party: config.name, unit, clock, logger };
    const speaking = { own, speaker, gate, random };
    this.watch = new Watch({ ...common, ...speaking, unit: indexed, index, dir: `${dir}/watch`, book });
    const identities = identitiesOf(config);
    const outside = options.fetch === undefined ? {} : { fetch: options.fetch };
    const exchange = { objects, blobs, index: index.reader, callers, shelf, identities, settings: config, ...outside };
    this.exchange = new Exchange({ ...common, ...speaking, ...exchange });
    const seed = (): Uint8Array => keeper.seeds("transport")[0] as Uint8Array;
    const records = state.match;
    const read = { blobs, indexed, versions: index.versions };
    const meetings = `${dir}/match/meet`;
    const granted = new Granted({ party: config.name, origin: own.origin, dir: openMeetings(meetings) });
    const matched = { dir: `${dir}/match`, answers, records, seed, granted };
    this.matching = new Matching({ ...common, ...speaking, ...read, ...matched });
    const { threads, budgets } = this.matching;
    this.meetings = new Meetings({ ...common, ...speaking, dir: meetings, threads, budgets, granted });
    const onFault = (error: unknown): void => logger.error({ err: error }, "keeping the index");
    this.#upkeep = new IndexUpkeep({ index, unit, onChange: () => this.watch.changed(), clock, onFault });
  }

  async start(): Promise<void> {
    await this.watch.watch(this.#config.watch ?? []);
    this.exchange.start(this.#config.taxii ?? []);
    this.matching.start(this.#config.match);
    await this.meetings.start();
  }

  /** What is in effect, which items are here, or who may read may have changed. */
  changed(): void {
    this.watch.changed();
    this.exchange.changed();
    this.matching.changed();
    this.meetings.changed();
    this.#upkeep.changed();
  }

  async close(): Promise<void> {
    await this.watch.close();
    await this.exchange.close();
    // Its threads end first, so that no meeting holds the station up; what one was at is made anew.
    await this.matching.close();
    await this.meetings.close();
    await this.#upkeep.stop();
  }
}
