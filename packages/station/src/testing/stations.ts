import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type Json, present, toHex, unwrap, utf8 } from "@detente/basics";
import { charterDigest, type CharterDocument, leastQuorum, type PartyFile } from "@detente/record";
import { type Logger, pino } from "pino";
import { type Clock, systemClock } from "../clock.ts";
import { createApp } from "../http/app.ts";
import { initStation } from "../setup/init.ts";
import { Station } from "../station.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { WireFetch } from "../wire/wire-fetch.ts";

type Endpoint = (request: Request) => Response | Promise<Response>;

/** Real stations in one process, on data directories of their own, over a wire that a test can cut. */
export class Stations {
  readonly root: string;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #cut = new Set<string>();
  readonly #running = new Set<TestStation>();
  #skipped = 0;

  /** Waits are a tenth as long as they are meant to be, so that tests do not wait for retries. */
  readonly clock: Clock = {
    now: () => systemClock.now() + this.#skipped,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / 10, signal),
  };

  private constructor(root: string) {
    this.root = root;
  }

  static async create(): Promise<Stations> {
    return new Stations(await mkdtemp(`${tmpdir()}/detente-station-`));
  }

  async init(name: string): Promise<TestStation> {
    const dir = `${this.root}/${name}`;
    const url = `http://127.0.0.1:${7300 + this.#endpoints.size}/${name}`;
    const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
    const party = unwrap(
      await initStation(dir, {
        name,
        url: url.replace(`/${name}`, ""),
        origin: `${name}.example/log`,
        random,
        now: Date.now(),
      }),
    );
    this.#endpoints.set(party.url, refuse);
    return new TestStation(this, dir, party);
  }

  /** A unit of new stations whose founding charter is in force at all of them. */
  async found(...names: string[]): Promise<TestStation[]> {
    const stations: TestStation[] = [];
    for (const name of names) stations.push(await this.init(name));
    const charter = charterOf(stations.map(({ party }) => party));
    for (const station of stations) {
      await station.start();
      unwrap(await station.station.accept(charter));
    }
    await until("the founding charter is in force", () =>
      stations.every(({ unit }) => unit.archive.fold.charter().current !== undefined),
    );
    return stations;
  }

  /** A server of somebody outside the unit. @param origin where all reach it */
  outside(origin: string, endpoint: Endpoint): void {
    this.#endpoints.set(origin, endpoint);
  }

  /** From now on so many milliseconds more have passed at all stations. */
  skip(milliseconds: number): void {
    this.#skipped += milliseconds;
  }

  /** Cuts or mends the wire between two parties, both ways. */
  cut(a: TestStation, b: TestStation): void {
    this.#cut.add(`${a.name} ${b.party.url}`).add(`${b.name} ${a.party.url}`);
  }

  mend(): void {
    this.#cut.clear();
  }

  fetchFrom(name: string): WireFetch {
    return async (url, { method, headers, body }) => {
      const { origin } = new URL(url);
      const endpoint = this.#endpoints.get(origin) ?? refuse;
      if (this.#cut.has(`${name} ${origin}`)) throw new TypeError("cannot be reached");
      return endpoint(
        new Request(url, { method, headers, ...(body === undefined ? {} : { body: Uint8Array.from(body) }) }),
      );
    };
  }

  attach(station: TestStation, endpoint: Endpoint | undefined): void {
    this.#endpoints.set(station.party.url, endpoint ?? refuse);
    if (endpoint === undefined) this.#running.delete(station);
    else this.#running.add(station);
  }

  async close(): Promise<void> {
    for (const station of new Set(this.#running)) await station.stop();
    await rm(this.root, { recursive: true, force: true });
  }
}

export class TestStation {
  readonly dir: string;
  readonly party: PartyFile;
  readonly #stations: Stations;
  #station: Station | undefined;
  #endpoint: Endpoint = refuse;

  constructor(stations: Stations, dir: string, party: PartyFile) {
    this.#stations = stations;
    this.dir = dir;
    this.party = party;
  }

  get name(): string {
    return this.party.name;
  }

  get origin(): string {
    return this.party.origin;
  }

  get station(): Station {
    return present(this.#station, `${this.name} runs`);
  }

  get unit(): UnitRuntime {
    return present(this.station.unit, `${this.name} is in a unit`);
  }

  async start(): Promise<void> {
    const opened = await Station.open({
      dir: this.dir,
      logger: silent,
      clock: this.#stations.clock,
      fetch: this.#stations.fetchFrom(this.name),
    });
    const station = unwrap(opened);
    this.#station = station;
    const app = createApp(station);
    this.#endpoint = (request) => app.fetch(request);
    this.#stations.attach(this, this.#endpoint);
    unwrap(await station.start());
  }

  /** Until the peers have said that nothing is missing here. */
  async ready(): Promise<void> {
    await until(`${this.name} may speak`, () => this.station.gate.maySign).catch((error: Error) => {
      throw new Error(`${error.message}: ${this.station.gate.state}, ${this.station.gate.detail}`);
    });
  }

  async stop(): Promise<void> {
    this.#stations.attach(this, undefined);
    const station = this.#station;
    this.#station = undefined;
    await station?.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Another station on a copy of this one's data directory, which must be stopped: what a restored or cloned machine is. */
  async clone(): Promise<TestStation> {
    const dir = `${this.dir}-${randomBytes(4).toString("hex")}`;
    // Closed databases are whole without these, which go when garbage is collected.
    const filter = (file: string): boolean => !/-(?:wal|shm)$/.test(file);
    await cp(this.dir, dir, { recursive: true, filter });
    return new TestStation(this.#stations, dir, this.party);
  }

  /** Sends a request as anyone can. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return this.#endpoint(new Request(`${this.party.url}${path}`, init));
  }

  // eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what the route answers
  async api<T = Record<string, Json>>(
    method: "GET" | "POST",
    path: string,
    body?: Json,
  ): Promise<{ status: number; body: T }> {
    const response = await this.fetch(path, {
      method,
      headers: { authorization: `Bearer ${this.station.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** @throws where the station refuses */
  async post<T = Record<string, Json>>(path: string, body: Json = {}): Promise<T> {
    const answer = await this.api<T>("POST", path, body);
    if (answer.status !== 200)
      throw new Error(`${this.name} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async ask(title: string): Promise<string> {
    const question = { type: "open", kind: "question", of: [], audience: "unit", content: { title, text: "" } };
    return (await this.post<{ leafHash: string }>("/api/statements", question)).leafHash;
  }

  /** What became of a statement here. */
  fate(hash: string): string | undefined {
    return this.unit.archive.fold.find(hash)[0]?.status.state;
  }

  get digest(): string {
    return this.unit.archive.fold.viewDigest().digest;
  }
}

export function charterOf(parties: readonly PartyFile[], changes: Partial<CharterDocument> = {}): CharterDocument {
  return {
    v: 1,
    title: "A joint unit",
    purpose: "To guard what we share.",
    nonce: toHex(new Uint8Array(randomBytes(32))),
    quorum: leastQuorum(parties.length),
    attempt: 1,
    parties: [...parties].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...changes,
  };
}

export function asJson(document: CharterDocument): Json {
  return document as unknown as Json;
}

/** A record file's lines as its bytes. */
export async function* asFile(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield utf8(`${line}\n`);
}

export const digestOf = charterDigest;

/** Looks again and again until the condition holds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patience = 60_000,
): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it never came about that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Until all that these have said is in effect at each of them, and all see the same state. */
export async function untilAgreed(...stations: TestStation[]): Promise<void> {
  const knows = (at: TestStation, author: TestStation): boolean => {
    const { archive } = at.unit;
    const { size } = author.station.own.reader;
    const log = archive.fold.logs().find(({ origin }) => origin === author.origin);
    if (log === undefined || archive.foldedSize(log.origin) !== size) return false;
    return !archive.fold.observable(log.origin, log.judgedSize, size);
  };
  await until(
    "all agree",
    () =>
      stations.every((at) => stations.every((author) => knows(at, author))) &&
      new Set(stations.map(({ digest }) => digest)).size === 1,
  );
}

const silent: Logger = pino({ level: process.env["STATION_TEST_LOG"] ?? "silent" });

const refuse: Endpoint = () => {
  throw new TypeError("cannot be reached");
};
