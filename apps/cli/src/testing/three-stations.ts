import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IntelRow, LogRow, StatusReport } from "@detente/station";
import { detente, freePort, json, type Outcome, until } from "./console.ts";

export const NAMES = ["alpha", "bravo", "charlie"] as const;
export type Name = (typeof NAMES)[number];

const DAY = [2026, 10, 23] as const;

/** Milliseconds since the epoch of a minute after ten on the day of the access log. */
export function minute(minutes: number): number {
  return Date.UTC(...DAY, 10, minutes);
}

/** Three stations on loopback, each made and served by the command itself, their charter in force. */
export class ThreeStations {
  readonly dir: string;
  readonly #stops = new Map<Name, () => void>();
  readonly #served = new Map<Name, Promise<Outcome>>();

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async start(): Promise<ThreeStations> {
    const stations = new ThreeStations(await mkdtemp(join(tmpdir(), "detente-cli-")));
    for (const name of NAMES) {
      await stations.json(name, "init", "--name", name, "--url", `http://127.0.0.1:${await freePort()}`);
    }
    const charter = stations.path("charter.json");
    const others = ["bravo", "charlie"].map((name) => stations.path(`${name}/party.json`));
    await stations.json("alpha", "charter", "draft", "--title", "Desk", "--purpose", "Guard", ...others, "-o", charter);
    // Two accept while they are stopped, one while it runs.
    for (const name of ["alpha", "bravo"] as const) await stations.json(name, "charter", "accept", charter);
    for (const name of NAMES) stations.#serve(name);
    await until(
      () => stations.as("charlie", "status"),
      ({ code }) => code === 0,
    );
    await stations.json("charlie", "charter", "accept", charter);
    for (const name of NAMES) {
      await until(
        () => stations.json<StatusReport>(name, "status"),
        ({ unit, station }) => unit?.inForce === true && station.state === "ready",
      );
    }
    await stations.write(
      "phish.csv",
      "indicator,type\nevil[.]example[.]net,domain\n203.0.113.7,ip-dst\nnonsense,ip-dst\n",
    );
    await stations.write("secret.txt", "198.51.100.23\n");
    const line = (address: string, at: number): string =>
      `${address} - - [23/Nov/2026:10:0${at}:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"`;
    await stations.write(
      "access.log",
      [line("198.51.100.23", 0), line("203.0.113.7", 1), line("203.0.113.7", 2)].join("\n"),
    );
    return stations;
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  as(name: Name, ...argv: readonly string[]): Promise<Outcome> {
    return detente([...argv, "--data", this.path(name)]);
  }

  json<T>(name: Name, ...argv: readonly string[]): Promise<T> {
    return json<T>([...argv, "--data", this.path(name)]);
  }

  async log(name: Name, ...argv: readonly string[]): Promise<LogRow[]> {
    const { out } = await this.as(name, "log", "--all", "--json", ...argv);
    return out.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LogRow]));
  }

  async intel(name: Name, ...argv: readonly string[]): Promise<readonly IntelRow[]> {
    const { out } = await this.as(name, "intel", "--json", ...argv);
    return (JSON.parse(out) as { rows: IntelRow[] }).rows;
  }

  /** Says something, waits until it counts at another station, and gives its hash. */
  async saidAndSeen(by: Name, at: Name, ...argv: readonly string[]): Promise<string> {
    const { leafHash } = await this.json<{ leafHash: string }>(by, ...argv);
    await this.effective(at, leafHash);
    return leafHash;
  }

  async effective(name: Name, leafHash: string): Promise<void> {
    await until(
      () => this.log(name),
      (rows) => rows.some((row) => row.leafHash === leafHash && row.status === "effective"),
    );
  }

  /** Stops one station as Ctrl-C does. */
  async stop(name: Name): Promise<Outcome | undefined> {
    this.#stops.get(name)?.();
    return this.#served.get(name);
  }

  async close(): Promise<void> {
    await Promise.all(NAMES.map((name) => this.stop(name)));
    await rm(this.dir, { recursive: true, force: true });
  }

  #serve(name: Name): void {
    const stopped = new Promise<void>((resolve) => this.#stops.set(name, resolve));
    this.#served.set(name, detente(["serve", "--quiet", "--data", this.path(name)], { stopped }));
  }
}
