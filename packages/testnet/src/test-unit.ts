import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { assert, type Json, present, toHex, unwrap } from "@detente/basics";
import { type CharterDocument, leastQuorum } from "@detente/record";
import { type Clock, initStation, loadConfig, saveConfig, type StationConfig, systemClock } from "@detente/station";
import { ControlledClock } from "./controlled-clock.ts";
import { describeStation } from "./describe.ts";
import { HostileParty } from "./hostile-party.ts";
import { Network, type Weather } from "./network.ts";
import { seededBytes } from "./random.ts";
import { freePort, serveOnSocket } from "./sockets.ts";
import { TestStation, type Wire } from "./test-station.ts";

export interface TestUnitOptions {
  /** Names of the parties that run real stations. */
  readonly parties: readonly string[];
  /** Names of the parties that keep no rule. */
  readonly hostile?: readonly string[];
  readonly seed: number;
  /** How many other parties must have observed; by default the least that is allowed. */
  readonly quorum?: number;
  readonly wire?: Wire["kind"];
  /** Settings of all stations that differ from the usual ones. */
  readonly config?: Partial<StationConfig>;
  /** From the moment at which the charter is in force. */
  readonly weather?: Partial<Weather>;
}

const START = Date.UTC(2031, 0, 1);

/** The time between two looks at a condition, in milliseconds. */
const TICK = 20;

/** Real time that a condition may take to come true, in milliseconds. */
const PATIENCE = Number(process.env["TESTNET_PATIENCE"] ?? 60_000);

/** A whole unit in one process. */
export class TestUnit {
  readonly charter: CharterDocument;
  readonly network: Network;
  readonly clock: Clock;
  readonly #stations: ReadonlyMap<string, TestStation>;
  readonly #hostile: ReadonlyMap<string, HostileParty>;
  readonly #close: () => Promise<void>;

  constructor(parts: {
    readonly charter: CharterDocument;
    readonly network: Network;
    readonly clock: Clock;
    readonly stations: readonly TestStation[];
    readonly hostile: readonly HostileParty[];
    readonly close: () => Promise<void>;
  }) {
    this.charter = parts.charter;
    this.network = parts.network;
    this.clock = parts.clock;
    this.#stations = new Map(parts.stations.map((station) => [station.name, station]));
    this.#hostile = new Map(parts.hostile.map((party) => [party.name, party]));
    this.#close = parts.close;
  }

  station(name: string): TestStation {
    return present(this.#stations.get(name), `the station of ${name}`);
  }

  stations(): TestStation[] {
    return [...this.#stations.values()];
  }

  running(): TestStation[] {
    return this.stations().filter(({ isRunning }) => isRunning);
  }

  hostile(name: string): HostileParty {
    return present(this.#hostile.get(name), `the hostile party ${name}`);
  }

  /** Lets time pass until the condition holds. Throws, saying what was seen, where it does not. */
  async until(what: string, condition: () => boolean | Promise<boolean>, patience: number = PATIENCE): Promise<void> {
    const deadline = performance.now() + patience;
    while (!(await condition())) {
      if (performance.now() > deadline) throw new Error(`it never came about that ${what}:\n${this.#seen()}`);
      await this.pass(TICK);
    }
  }

  /** Lets time pass, on the controlled clock where there is one. */
  async pass(milliseconds: number): Promise<void> {
    if (this.clock instanceof ControlledClock) await this.clock.pass(milliseconds);
    else await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }

  /** Until each of these has heard from its peers that it may sign. */
  async untilReady(...stations: readonly TestStation[]): Promise<void> {
    await this.until(`${stations.map(({ name }) => name).join(", ")} may sign`, () =>
      stations.every(({ station }) => station.gate.maySign),
    );
  }

  /** The digest of the unit's view at every running station. */
  digests(): string[] {
    return this.running().map(({ fold }) => fold.viewDigest().digest);
  }

  /** Whether all that the running stations have said is everywhere and in effect, and all see the same state. */
  agree(): boolean {
    const running = this.running();
    const everywhere = running.every(({ fold, unit }) =>
      running.every((author) => {
        const { size } = author.station.own.reader;
        const log = fold.logs().find(({ origin }) => origin === author.origin);
        return (
          log !== undefined &&
          unit.archive.foldedSize(log.origin) === size &&
          !fold.observable(log.origin, log.judgedSize, size)
        );
      }),
    );
    return everywhere && new Set(this.digests()).size === 1;
  }

  async untilAgreed(patience?: number): Promise<void> {
    await this.until("all stations agree", () => this.agree(), patience);
  }

  /** Brings a hostile party's log to all, and waits until they have made of it what they can. */
  async spread(party: HostileParty): Promise<void> {
    // Before that they cosign nothing.
    await this.until("all that have just started have asked their peers", () =>
      this.running().every(({ station }) => station.gate.state !== "checking"),
    );
    for (const station of this.running()) await party.publish(station);
    await this.until(`all have judged what ${party.name} said`, () =>
      this.running().every(({ fold }) => {
        const log = fold.logs().find(({ origin }) => origin === party.origin);
        return log?.size === party.log.size && !fold.observable(party.origin, log.judgedSize, log.size);
      }),
    );
    await this.untilAgreed();
  }

  /** Until a statement is in effect at every running station. */
  async untilEffective(...hashes: readonly string[]): Promise<void> {
    await this.until(`${hashes.join(", ")} took effect everywhere`, () =>
      this.running().every((station) => hashes.every((hash) => station.seen(hash) === "effective")),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.running().map((station) => station.stop()));
    await this.#close();
  }

  #seen(): string {
    return [`at ${new Date(this.clock.now()).toISOString()}`, ...this.running().map(describeStation)].join("\n");
  }
}

/** Makes the parties' keys and directories, has the charter accepted by all, and waits until it is in force. */
export async function startTestUnit(options: TestUnitOptions): Promise<TestUnit> {
  const { parties, hostile = [], seed, wire: kind = "memory" } = options;
  const controlled = new ControlledClock(START);
  const clock: Clock = kind === "memory" ? controlled : systemClock;
  const network = new Network({ clock, seed });
  const wire: Wire = kind === "memory" ? { kind, network, clock: controlled } : { kind };
  const root = await mkdtemp(`${tmpdir()}/detente-testnet-`);
  const stations: TestStation[] = [];
  for (const [i, name] of parties.entries()) {
    const dir = `${root}/${name}`;
    const random = seededBytes(seed * 1000 + i);
    const url = await addressOf(name, kind);
    // Over the network in memory nothing listens; its addresses have no ports.
    const listen = kind === "memory" ? { listen: { host: "127.0.0.1", port: 0 } } : {};
    const party = unwrap(await initStation(dir, { name, url, random, now: clock.now(), ...listen }));
    await saveConfig(dir, { ...unwrap(await loadConfig(dir)), ...options.config });
    stations.push(new TestStation({ dir, party, wire, random }));
  }
  const closers: (() => Promise<void>)[] = [];
  const hostiles: HostileParty[] = [];
  for (const [i, name] of hostile.entries()) {
    const url = await addressOf(name, kind);
    const { hostname, port } = new URL(url);
    const out = kind === "memory" ? network.fetchFrom(hostname) : fetchOverSockets;
    const party = new HostileParty({ name, url, clock, fetch: out, random: seededBytes(seed * 1000 + 500 + i) });
    if (kind === "memory") network.attach(hostname, party.endpoint);
    else closers.push(await serveOnSocket(Number(port), party.endpoint));
    hostiles.push(party);
  }
  const charter = draftCharter(stations, hostiles, options);
  const close = async (): Promise<void> => {
    for (const closer of closers) await closer();
    await rm(root, { recursive: true, force: true });
  };
  const unit = new TestUnit({ charter, network, clock, stations, hostile: hostiles, close });
  await found(unit, hostiles);
  network.setWeather(options.weather ?? {});
  return unit;
}

async function found(unit: TestUnit, hostiles: readonly HostileParty[]): Promise<void> {
  for (const station of unit.stations()) {
    await station.start();
    const { status, body } = await station.api("POST", "/api/charter", { document: unit.charter as unknown as Json });
    assert(status === 200, `${station.name} does not accept the charter: ${JSON.stringify(body)}`);
  }
  await unit.untilReady(...unit.stations());
  for (const party of hostiles) {
    party.adopt(unit.charter);
    for (const station of unit.stations()) await party.publish(station);
  }
  await unit.until("the charter is in force", () =>
    unit.stations().every(({ fold }) => fold.charter().current !== undefined),
  );
  await unit.untilAgreed();
}

function draftCharter(
  stations: readonly TestStation[],
  hostiles: readonly HostileParty[],
  options: TestUnitOptions,
): CharterDocument {
  const parties = [...stations.map(({ party }) => party), ...hostiles.map(({ file }) => file)];
  return {
    v: 1,
    title: "a unit under test",
    purpose: "to see what it withstands",
    nonce: toHex(seededBytes(options.seed)(32)),
    quorum: options.quorum ?? leastQuorum(parties.length),
    attempt: 1,
    parties: parties.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function addressOf(name: string, kind: Wire["kind"]): Promise<string> {
  return kind === "memory" ? `https://${name}.test` : `http://127.0.0.1:${await freePort()}`;
}

const fetchOverSockets: ConstructorParameters<typeof HostileParty>[0]["fetch"] = async (url, { body, ...init }) =>
  fetch(url, { ...init, ...(body === undefined ? {} : { body: Uint8Array.from(body) }) });
