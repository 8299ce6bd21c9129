import { rm } from "node:fs/promises";
import { assert, type Json, present, unwrap } from "@detente/basics";
import type { PartyFile } from "@detente/record";
import {
  type Appended,
  createApp,
  createLogger,
  loadKeys,
  startStation,
  Station,
  type StatusReport,
  type UnitRuntime,
} from "@detente/station";
import type { Fold } from "@detente/unit";
import type { ControlledClock } from "./controlled-clock.ts";
import { copyStopped } from "./copy-stopped.ts";
import type { Network } from "./network.ts";

/** Where a station's peers reach it. */
export interface Address {
  readonly name: string;
  readonly url: string;
}

/** How the stations of a test reach one another. */
export type Wire =
  | { readonly kind: "memory"; readonly network: Network; readonly clock: ControlledClock }
  | { readonly kind: "sockets" };

/** An answer of the interface for a party's own people. */
export interface ApiReply {
  readonly status: number;
  readonly body: Json;
}

/** What a share in a test holds, where it does not matter what. */
export const AN_INDICATOR: Json = { kind: "domain", value: "bad.example" };

interface Running {
  readonly station: Station;
  readonly fetch: (request: Request) => Response | Promise<Response>;
  readonly stop: () => Promise<void>;
}

/** A real station on a data directory of its own, that can be stopped, set back and started again. */
export class TestStation implements Address {
  readonly dir: string;
  readonly party: PartyFile;
  readonly #wire: Wire;
  readonly #random: (length: number) => Uint8Array;
  #running: Running | undefined;

  constructor(options: {
    readonly dir: string;
    readonly party: PartyFile;
    readonly wire: Wire;
    readonly random: (length: number) => Uint8Array;
  }) {
    this.dir = options.dir;
    this.party = options.party;
    this.#wire = options.wire;
    this.#random = options.random;
  }

  get name(): string {
    return this.party.name;
  }

  get origin(): string {
    return this.party.origin;
  }

  get url(): string {
    return this.party.url;
  }

  get host(): string {
    return new URL(this.url).hostname;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get station(): Station {
    return present(this.#running, `${this.name} is running`).station;
  }

  get unit(): UnitRuntime {
    return present(this.station.unit, `${this.name} is in a unit`);
  }

  get fold(): Fold {
    return this.unit.archive.fold;
  }

  async start(): Promise<void> {
    assert(this.#running === undefined, `${this.name} is started once`);
    this.#running = this.#wire.kind === "memory" ? await this.#startInMemory(this.#wire) : await this.#startOnSocket();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined) await this.#while(running.stop());
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Copies the data directory as a backup of a stopped station does; the station goes on. */
  async backUp(): Promise<string> {
    const backup = `${this.dir}.${Date.now()}.bak`;
    await this.stop();
    await copyStopped(this.dir, backup);
    await this.start();
    return backup;
  }

  /** Puts an older copy in the place of the data directory, and starts it. */
  async restore(backup: string): Promise<void> {
    await this.stop();
    await rm(this.dir, { recursive: true });
    await copyStopped(backup, this.dir);
    await this.start();
  }

  /** Sends a request to the station as anyone can. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return present(this.#running, `${this.name} is running`).fetch(new Request(`${this.url}${path}`, init));
  }

  /** The text of an answer to the party's own people. */
  async fetchText(path: string): Promise<string> {
    return (await this.fetch(path, { headers: { authorization: `Bearer ${this.station.token}` } })).text();
  }

  /** Uses the interface for the party's own people, with their token. */
  async api(method: "GET" | "POST", path: string, body?: Json): Promise<ApiReply> {
    const response = await this.#while(
      this.fetch(path, {
        method,
        headers: { authorization: `Bearer ${this.station.token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    return { status: response.status, body: (await response.json()) as Json };
  }

  async status(): Promise<StatusReport> {
    return (await this.api("GET", "/api/status")).body as unknown as StatusReport;
  }

  /** @throws where the station refuses */
  async share(
    options: {
      readonly title?: string;
      readonly audience?: "unit" | readonly string[];
      readonly items?: readonly Json[];
    } = {},
  ): Promise<Appended> {
    const { title = "a share", audience = "unit", items = [AN_INDICATOR] } = options;
    return this.#done(await this.api("POST", "/api/shares", { title, tlp: "amber", audience, items }));
  }

  /** Puts a question on the table. @throws where the station refuses */
  async ask(text: string, audience: "unit" | readonly string[] = "unit"): Promise<Appended> {
    return this.#done(await this.tryToAsk(text, audience));
  }

  tryToAsk(text: string, audience: "unit" | readonly string[] = "unit"): Promise<ApiReply> {
    const content = { title: text, text };
    return this.api("POST", "/api/statements", { type: "open", kind: "question", of: [], audience, content });
  }

  /** Takes a position. @throws where the station refuses */
  async say(kind: string, of: readonly string[], content: Json = {}): Promise<Appended> {
    return this.#done(
      await this.api("POST", "/api/statements", { type: "position", kind, of, audience: "unit", content }),
    );
  }

  /** The seed of the transport key, for tests that play a thief of it. */
  async transportSeed(): Promise<Uint8Array> {
    return unwrap(await loadKeys(this.dir)).current.transport;
  }

  /** The status of a statement as this station sees it; undefined where it has not heard of it. */
  seen(hash: string): string | undefined {
    const states = this.fold.find(hash).map(({ status }) => status.state);
    return states.find((state) => state === "effective") ?? states[0];
  }

  /** Work that waits for peers waits for the passing of time. */
  #while<T>(work: Promise<T>): Promise<T> {
    return this.#wire.kind === "memory" ? this.#wire.clock.during(work) : work;
  }

  #done({ status, body }: ApiReply): Appended {
    assert(status === 200, `${this.name} answered ${status}: ${JSON.stringify(body)}`);
    return body as unknown as Appended;
  }

  async #startInMemory({ network, clock }: Wire & { readonly kind: "memory" }): Promise<Running> {
    const station = unwrap(
      await Station.open({
        dir: this.dir,
        logger: createLogger(process.env["TESTNET_LOG"] === undefined ? "silent" : "json"),
        clock,
        random: this.#random,
        fetch: network.fetchFrom(this.host),
      }),
    );
    const app = createApp(station);
    const fetch = (request: Request): Response | Promise<Response> => app.fetch(request);
    network.attach(this.host, fetch);
    unwrap(await station.start());
    const stop = async (): Promise<void> => {
      await network.detach(this.host);
      await station.close();
    };
    return { station, fetch, stop };
  }

  async #startOnSocket(): Promise<Running> {
    const running = unwrap(await startStation({ dir: this.dir, logger: "silent" }));
    return { station: running.station, fetch: (request) => fetch(request), stop: () => running.stop() };
  }
}
