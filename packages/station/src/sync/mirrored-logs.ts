import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Result } from "@detente/basics";
import { LogStore, StorageError, type StorageFault } from "@detente/store";
import { originHash } from "@detente/tlog";
import { Turns } from "../turns.ts";

/** The copies of the others' logs, each in a directory of its own. */
export class MirroredLogs {
  readonly #dir: string;
  readonly #evidence: string;
  readonly #open = new Map<string, Promise<LogStore>>();
  readonly #turns = new Map<string, Turns>();

  /**
   * @param dir the directory that holds one directory a log
   * @param evidence where copies go that are put aside; on the same file system
   */
  constructor(dir: string, evidence: string) {
    this.#dir = dir;
    this.#evidence = evidence;
  }

  /** Opens the copy of a log, an empty one where there is none. @throws StorageError where the disk does not give it back whole */
  open(origin: string): Promise<LogStore> {
    return this.#open.get(origin) ?? this.#keep(origin, openCopy(this.#place(origin)));
  }

  /** Whether there is a copy of a log, be it empty. */
  holds(origin: string): boolean {
    return this.#open.has(origin) || existsSync(this.#place(origin));
  }

  /** Runs a job that writes a copy while no other does. */
  inTurn<T>(origin: string, job: () => Promise<T>): Promise<T> {
    let turns = this.#turns.get(origin);
    if (turns === undefined) this.#turns.set(origin, (turns = new Turns()));
    return turns.run(job);
  }

  /** Puts a copy aside as evidence and gives its new place; `open` then gives an empty one. */
  async setAside(origin: string, reason: string): Promise<Result<string, StorageFault>> {
    const log = await this.open(origin);
    const moved = log.setAside(this.#evidence, reason);
    // Whoever asks for the copy meanwhile gets the new one, and only when the old one is out of its place.
    void this.#keep(
      origin,
      moved.then(() => openCopy(this.#place(origin))),
    );
    return moved;
  }

  /** Where copies of a log were put aside. */
  async aside(origin: string): Promise<string[]> {
    const names = await readdir(this.#evidence).catch(() => []);
    return names.filter((name) => name.startsWith(`${originHash(origin)}-`)).map((name) => `${this.#evidence}/${name}`);
  }

  #place(origin: string): string {
    return `${this.#dir}/${originHash(origin)}`;
  }

  #keep(origin: string, log: Promise<LogStore>): Promise<LogStore> {
    this.#open.set(origin, log);
    // What failed may work later.
    log.catch(() => this.#open.delete(origin));
    return log;
  }

  origins(): string[] {
    return [...this.#open.keys()];
  }

  async close(): Promise<void> {
    for (const log of this.#open.values()) await (await log).close();
  }
}

async function openCopy(directory: string): Promise<LogStore> {
  const log = await LogStore.open({ directory, staged: "keep" });
  if (!log.ok) throw new StorageError(log.fault);
  return log.value;
}
