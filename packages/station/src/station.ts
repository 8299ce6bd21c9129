import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { err, ok, type Result, toBase64, unwrap } from "@detente/basics";
import type { CharterDocument, PartyFile } from "@detente/record";
import {
  BlobStore,
  BodyStore,
  type DirectoryLock,
  type IndexStore,
  lockDirectory,
  LogStore,
  openIndex,
  StateStore,
} from "@detente/store";
import { ed25519Cosigner, ed25519Signer, originHash, signNote } from "@detente/tlog";
import type { Logger } from "pino";
import { type Clock, systemClock } from "./clock.ts";
import { loadCharter, storeCharter } from "./setup/charter-file.ts";
import { loadConfig, type StationConfig } from "./setup/config.ts";
import { Gate } from "./setup/gate.ts";
import { type Keys, loadKeys } from "./setup/keys.ts";
import { readToken } from "./setup/token.ts";
import { Speaker } from "./speak/speaker.ts";
import { MirroredLogs } from "./sync/mirrored-logs.ts";
import { OwnLog } from "./sync/own-log.ts";
import { UnitRuntime } from "./unit-runtime.ts";
import { Backoff } from "./wire/backoff.ts";
import type { TlsIdentity } from "./wire/listen.ts";
import { createPeerClient, type PeerClient } from "./wire/peer-client.ts";
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

const BACKOFF = { baseMs: 100, maxMs: 2000 } as const;

/**
 * A party's station: everything that lives in one data directory, opened once and closed once. Routes and jobs are
 * built on its parts.
 */
export class Station {
  readonly dir: string;
  readonly config: StationConfig;
  readonly keys: Keys;
  readonly token: string;
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
  readonly tls: TlsIdentity | undefined;
  readonly #lock: DirectoryLock;
  readonly #log: LogStore;
  readonly #random: (length: number) => Uint8Array;
  readonly #fetch: WireFetch | undefined;
  #unit: UnitRuntime | undefined;

  private constructor(options: StationOptions, parts: Parts) {
    this.dir = options.dir;
    this.logger = options.logger;
    this.clock = options.clock ?? systemClock;
    this.#random = options.random ?? ((length) => new Uint8Array(randomBytes(length)));
    this.#fetch = options.fetch;
    this.#lock = parts.lock;
    this.#log = parts.log;
    this.config = parts.config;
    this.keys = parts.keys;
    this.token = parts.token;
    this.tls = parts.tls;
    this.state = parts.state;
    this.bodies = parts.bodies;
    this.blobs = parts.blobs;
    this.index = parts.index;
    this.mirrored = new MirroredLogs(`${options.dir}/logs`);
    const { origin, groupSize, name } = this.config;
    const signer = ed25519Signer(origin, this.keys.current.log);
    this.own = new OwnLog({
      log: parts.log,
      bodies: this.bodies,
      origin,
      sign: (checkpoint) => signNote(checkpoint, [signer]),
      gate: this.gate,
      groupSize,
    });
    this.speaker = new Speaker({
      party: name,
      own: this.own,
      blobs: this.blobs,
      unit: () => this.#unit?.archive.fold.unit,
      members: () => this.#unit?.membership.names() ?? new Set(),
      random: this.#random,
      now: () => this.clock.now(),
    });
  }

  /** Opens a data directory for this process alone. Nothing is signed yet. */
  static async open(options: StationOptions): Promise<Result<Station>> {
    const parts = await openParts(options.dir);
    return parts.ok ? ok(new Station(options, parts.value)) : parts;
  }

  /** The unit, once a charter was accepted. */
  get unit(): UnitRuntime | undefined {
    return this.#unit;
  }

  /** Takes up work where it was left. */
  async start(): Promise<Result<void>> {
    const charter = await loadCharter(this.dir);
    if (!charter.ok) return charter;
    if (charter.value !== undefined) await this.#join(charter.value);
    return ok(undefined);
  }

  /** Accepts a founding charter on an officer's word: durable at once, said on the record as soon as that is possible. */
  async accept(document: CharterDocument): Promise<Result<void>> {
    if (this.#unit !== undefined)
      return err("conflict", "this station is in a unit already; one station serves one unit");
    const stored = await storeCharter(this.dir, document);
    if (stored.ok) await this.#join(document);
    return stored;
  }

  cosigner(role: "witness" | "mirror"): ReturnType<typeof ed25519Cosigner> {
    return ed25519Cosigner(`${this.config.origin}/${role}`, this.keys.current[role]);
  }

  /** Finishes what is under way and closes everything; what was acknowledged is durable already. */
  async close(): Promise<void> {
    await this.#unit?.stop();
    await this.own.idle();
    await this.#log.close();
    await this.mirrored.close();
    await this.bodies.close();
    if (this.#unit !== undefined) await this.state.config.set("index", "complete");
    this.index.close();
    this.state.close();
    this.#lock.release();
  }

  async #join(genesis: CharterDocument): Promise<void> {
    const { config, own, speaker, gate, mirrored, bodies, blobs, state, clock } = this;
    await state.config.set("index", "incomplete");
    this.#unit = new UnitRuntime({
      party: config.name,
      genesis,
      own,
      speaker,
      gate,
      mirrored,
      bodies,
      blobs,
      index: this.index.writer,
      state,
      connect: (party) => this.#connect(party),
      clock,
      onFault: (doing, error) => this.logger.error({ err: error }, doing),
    });
    await this.#unit.start();
  }

  #connect(party: PartyFile): PeerClient {
    return unwrap(
      createPeerClient({
        self: this.config.name,
        transportSeed: this.keys.current.transport,
        peer: party,
        now: () => this.clock.now(),
        nonce: () => toBase64(this.#random(18)),
        backoff: new Backoff({ ...BACKOFF, random: () => (this.#random(1)[0] ?? 0) / 256 }),
        ...(this.#fetch === undefined ? {} : { fetch: this.#fetch }),
      }),
    );
  }
}

interface Parts {
  readonly lock: DirectoryLock;
  readonly config: StationConfig;
  readonly keys: Keys;
  readonly token: string;
  readonly tls: TlsIdentity | undefined;
  readonly state: StateStore;
  readonly bodies: BodyStore;
  readonly blobs: BlobStore;
  readonly index: IndexStore;
  readonly log: LogStore;
}

async function openParts(dir: string): Promise<Result<Parts>> {
  const config = await loadConfig(dir);
  if (!config.ok) return config;
  const lock = lockDirectory(dir);
  if (!lock.ok) return lock;
  const keys = await loadKeys(dir);
  const state = StateStore.open(`${dir}/state.sqlite`);
  const bodies = await BodyStore.open({ directory: `${dir}/bodies` });
  const blobs = await BlobStore.open({ directory: `${dir}/blobs` });
  const log = await LogStore.open({ directory: `${dir}/logs/${originHash(config.value.origin)}`, staged: "drop" });
  if (!keys.ok) return keys;
  if (!state.ok) return state;
  if (!bodies.ok) return bodies;
  if (!blobs.ok) return blobs;
  if (!log.ok) return log;
  const index = await openCompleteIndex(dir, state.value);
  if (!index.ok) return index;
  const secure = config.value.url.startsWith("https:");
  const tls = secure
    ? {
        key: await readFile(`${dir}/keys/tls-key.pem`, "utf8"),
        cert: await readFile(`${dir}/keys/tls-cert.pem`, "utf8"),
      }
    : undefined;
  return ok({
    lock: lock.value,
    config: config.value,
    keys: keys.value,
    token: await readToken(dir),
    tls,
    state: state.value,
    bodies: bodies.value,
    blobs: blobs.value,
    index: index.value,
    log: log.value,
  });
}

/** Searches must miss nothing: an index that a crash may have left behind the record is made anew. */
async function openCompleteIndex(dir: string, state: StateStore): Promise<Result<IndexStore>> {
  const path = `${dir}/index.sqlite`;
  if ((await state.config.get("index")) === "incomplete") {
    for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { force: true });
  }
  return openIndex(path);
}
