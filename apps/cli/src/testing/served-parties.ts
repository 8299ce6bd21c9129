import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import type { StatusReport } from "@detente/station";
import { freePort, json, until } from "./console.ts";

const PROGRAM = fileURLToPath(new URL("../../bin/detente.js", import.meta.url));

/** Whether there is a program to be run in a process of its own. */
export const isBuilt: boolean = existsSync(fileURLToPath(new URL("../../dist/main.js", import.meta.url)));

/** What people wait for who see stations being killed, in seconds. */
export const PATIENCE = 300;

/** The stations of a unit, each in a process of its own that can be killed at any moment and served again. */
export class ServedParties<Party extends string> {
  readonly dir: string;
  readonly #serving = new Map<Party, ChildProcess>();

  private constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * Makes the stations, has all accept one charter, and serves them until it is in force.
   * @param where a party is reached that is not to be at a free port: arguments of `init`
   */
  static async start<Party extends string>(
    parties: readonly [Party, ...Party[]],
    where?: Readonly<Partial<Record<Party, readonly string[]>>>,
  ): Promise<ServedParties<Party>> {
    const served = new ServedParties<Party>(await mkdtemp(`${tmpdir()}/detente-killed-`));
    for (const party of parties) {
      const at = where?.[party] ?? ["--url", `http://127.0.0.1:${await freePort()}`];
      await served.as(party, "init", "--name", party, ...at);
    }
    const charter = served.path("charter.json");
    const [first, ...others] = parties;
    const files = others.map((party) => served.path(`${party}/party.json`));
    await served.as(first, "charter", "draft", "--title", "Desk", "--purpose", "Guard", ...files, "-o", charter);
    for (const party of parties) {
      await served.as(party, "charter", "accept", charter);
      await served.serve(party);
    }
    for (const party of parties) {
      await until(
        () => served.as<StatusReport>(party, "status"),
        ({ unit, station }) => unit?.inForce === true && station.state === "ready",
        PATIENCE,
      );
    }
    return served;
  }

  async close(): Promise<void> {
    for (const child of this.#serving.values()) await killed(child);
    await rm(this.dir, { recursive: true });
  }

  path(name: string): string {
    return `${this.dir}/${name}`;
  }

  async write(name: string, lines: readonly string[]): Promise<string> {
    await writeFile(this.path(name), lines.join("\n"));
    return this.path(name);
  }

  /** A command line of a party's, as its arguments. */
  line(party: Party, ...argv: readonly string[]): string[] {
    return [...argv, "--json", "--data", this.path(party)];
  }

  as<T>(party: Party, ...argv: readonly string[]): Promise<T> {
    return json<T>([...argv, "--data", this.path(party)]);
  }

  async serve(party: Party): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, "serve", "--quiet", "--data", this.path(party)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#serving.set(party, child);
    await new Promise<void>((resolve, reject) => {
      child.stderr?.once("data", () => resolve());
      child.once("exit", (code) => reject(new Error(`${party} ended with ${code}`)));
    });
  }

  /** Kills a station, as power failing would, and serves it again. */
  async killAndServe(party: Party): Promise<void> {
    const child = this.#serving.get(party);
    if (child !== undefined) await killed(child);
    await this.serve(party);
  }
}

/** Runs a command line in a process of its own. */
export function commandOf(line: readonly string[]): {
  readonly kill: () => Promise<void>;
  readonly ended: Promise<void>;
} {
  const child = spawn(process.execPath, [PROGRAM, ...line], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { kill: () => killed(child), ended };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}
