import { randomBytes } from "node:crypto";
import { ok, type Result, unwrap } from "@detente/basics";
import type { CharterDocument, KeyRole } from "@detente/record";
import type { BlobStore, BodyStore, DirectoryLock, IndexStore, LogStore, StateStore } from "@detente/store";
import { signNote } from "@detente/tlog";
import type { Logger } from "pino";
import { identitiesOf } from "./admission/identities.ts";
import type { RotateReport } from "./api/contract.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Callers } from "./setup/callers.ts";
import { Enrolment } from "./enrolment.ts";
import type { Exchange } from "./exchange/exchange.ts";
import type { StationConfig } from "./setup/config.ts";
import { connector } from "./setup/connect.ts";
import { Gate } from "./setup/gate.ts";
import { outsideWitnesses } from "./setup/outside.ts";
import type { Invitation } from "./setup/invitation.ts";
import type { KeyKeeper } from "./setup/key-keeper.ts";
import { openParts, type Parts } from "./setup/parts.ts";
import type { Matching } from "./matching/matching.ts";
import type { Meetings } from "./meeting/meetings.ts";
import { Services } from "./services.ts";
import { rotateKey } from "./speak/key-rotation.ts";
import { Speaker } from "./speak/speaker.ts";
import { expendableIndex } from "./sync/expendable-index.ts";
import { MirroredLogs } from "./sync/mirrored-logs.ts";
import { OwnLog } from "./sync/own-log.ts";
import type { UnitRuntime } from "./unit-runtime.ts";
import type { Watch } from "./watch/watch.ts";
import type { TlsIdentity } from "./wire/listen.ts";
import { sendOutside } from "./wire/outside-send.ts";
import type { WireFetch } from "./wire/wire-fetch.ts";

export interface StationOptions {
  readonly dir: string;
  readonly logger: Logger;
  /** Tests bring their own. */
  readonly clock?: Clock;
  readonly random?: (length: number) => Uint8Array;
  /** In place of sockets, for stations in one process. */
  readonly fetch?: WireFetch;
}

/** Seconds between two rounds of asking witnesses outside the unit, who serve many logs. */
const WITNESS_INTERVAL = 5;

/**
 * A party's station: everything that lives in one data directory, opened once and closed once. Routes and jobs are
 * built on its parts.
 */
export class Station {
  readonly dir: string;
  readonly config: StationConfig;
  readonly keeper: KeyKeeper;
  readonly token: string;
  readonly metricsToken: string;
  readonly callers: Callers;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly gate: Gate = new Gate();
  readonly state: StateStore;
  readonly bodies: BodyStore;
  readonly blobs: BlobStore;
  readonly index: IndexStore;
  readonly mirrored: MirroredLogs;
  readonly own: OwnLog;
  readonly speaker: Speaker;
  readonly watch: Watch;
  readonly exchange: Exchange;
  readonly matching: Matching;
  readonly meetings: Meetings;
  readonly tls: TlsIdentity | undefined;
  readonly #lock: DirectoryLock;
  readonly #log: LogStore;
  readonly #random: (length: number) => Uint8Array;
  readonly #services: Services;
  readonly #enrolment: Enrolment;

  private constructor(options: StationOptions, parts: Parts) {
    this.dir = options.dir;
    this.logger = options.logger;
    this.clock = options.clock ?? systemClock;
    this.#random = options.random ?? ((length) => new Uint8Array(randomBytes(length)));
    const { fetch } = options;
    this.#lock = parts.lock;
    this.#log = parts.log;
    this.config = parts.config;
    this.keeper = parts.keeper;
    this.token = parts.token;
    this.metricsToken = parts.metricsToken;
    this.tls = parts.tls;
    this.state = parts.state;
    this.callers = new Callers({
      tokens: this.state.tokens,
      officer: this.token,
      random: this.#random,
      now: () => this.clock.now(),
    });
    this.bodies = parts.bodies;
    this.blobs = parts.blobs;
    this.index = parts.index;
    this.mirrored = new MirroredLogs(`${options.dir}/logs`, `${options.dir}/evidence`);
    const { origin, groupSize, name } = this.config;
    this.own = new OwnLog({
      log: parts.log,
      bodies: this.bodies,
      origin,
      sign: (checkpoint) => signNote(checkpoint, this.keeper.logSigners()),
      gate: this.gate,
      groupSize,
    });
    this.speaker = new Speaker({
      party: name,
      own: this.own,
      blobs: this.blobs,
      unit: () => this.unit?.archive.fold.unit,
      members: () => this.unit?.membership.speaking() ?? new Set(),
      identities: identitiesOf(this.config),
      random: this.#random,
      now: () => this.clock.now(),
    });
    const { dir, callers, own, speaker, gate, keeper, blobs, index, clock, logger } = this;
    const common = { dir, own, speaker, gate, keeper, blobs, clock, logger };
    this.#enrolment = new Enrolment({
      ...common,
      party: name,
      mirrored: this.mirrored,
      bodies: this.bodies,
      index: { reader: index.reader, writer: expendableIndex(index.writer, (error) => this.#indexLost(error)) },
      state: this.state,
      connect: connector({
        config: this.config,
        transportSeeds: () => keeper.seeds("transport"),
        clock,
        random: this.#random,
        fetch,
      }),
      outside: {
        witnesses: unwrap(outsideWitnesses(this.config.witnesses ?? [])),
        connect: (witness) => sendOutside(witness.url, fetch),
        interval: 1000 * (this.config.witnessInterval ?? WITNESS_INTERVAL),
      },
      onChange: () => this.changed(),
      onFault: (doing, error) => logger.error({ err: error }, doing),
    });
    this.#services = new Services({
      ...common,
      parts,
      callers,
      index,
      ...(fetch === undefined ? {} : { fetch }),
      unit: () => (this.unit?.isRead === true ? this.unit : undefined),
      indexed: () => (this.unit?.indexing.isCaughtUp === true ? this.unit : undefined),
      random: this.#random,
    });
    this.watch = this.#services.watch;
    this.exchange = this.#services.exchange;
    this.matching = this.#services.matching;
    this.meetings = this.#services.meetings;
  }

  /** Opens a data directory for this process alone. Nothing is signed yet. */
  static async open(options: StationOptions): Promise<Result<Station>> {
    const parts = await openParts(options.dir);
    return parts.ok ? ok(new Station(options, parts.value)) : parts;
  }

  /** The unit, once a charter was accepted. */
  get unit(): UnitRuntime | undefined {
    return this.#enrolment.unit;
  }

  /** Whether the unit's record is still being read from this disk: until then nobody is answered by what it says. */
  get isReading(): boolean {
    return this.unit?.isRead === false;
  }

  /** Takes up work where it was left. */
  async start(): Promise<Result<void>> {
    const enrolled = await this.#enrolment.start();
    if (enrolled.ok) await this.#services.start();
    return enrolled;
  }

  /** Accepts an invitation on an officer's word, as `accept` does a founding charter. */
  join(invitation: Invitation): Promise<Result<void>> {
    return this.#enrolment.join(invitation);
  }

  /** Accepts a founding charter on an officer's word: durable at once, said on the record as soon as that is possible. */
  accept(document: CharterDocument): Promise<Result<void>> {
    return this.#enrolment.accept(document);
  }

  /** Replaces a key by its successor: the one in keys/next.json, or the seed given. */
  async rotate(role: KeyRole, given: Uint8Array | undefined): Promise<Result<RotateReport>> {
    const { keeper, speaker } = this;
    const rotated = await rotateKey({ keeper, speaker, random: this.#random }, role, given);
    this.unit?.retirement.wake();
    return rotated;
  }

  /** What is in effect, which items are here, or who may read may have changed. */
  changed(): void {
    this.#services.changed();
  }

  /** Finishes what is under way and closes everything; what was acknowledged is durable already. */
  async close(): Promise<void> {
    await this.#enrolment.settle();
    await this.#services.close();
    await this.#enrolment.stop();
    await this.own.idle();
    await this.#log.close();
    await this.mirrored.close();
    await this.bodies.close();
    await this.index.idle();
    this.index.close();
    this.state.close();
    this.#lock.release();
  }

  #indexLost(error: unknown): void {
    this.logger.error({ err: error }, "indexing");
    const reason = error instanceof Error ? error.message : String(error);
    this.gate.set(
      "storage-failed",
      `writing ${this.dir}/index.sqlite: ${reason}; nothing more is signed until the cause is removed and the station restarted`,
    );
  }
}
