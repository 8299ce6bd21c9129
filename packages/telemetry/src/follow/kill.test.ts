import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import {
  appendFile,
  copyFile,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { Desk, lineOf } from "../testing/desk.ts";

/** `DETENTE_KILLS=200 npm test -- packages/telemetry` kills that often. */
const KILLS = Number(process.env["DETENTE_KILLS"] ?? 8);
const SEED = 20_261_125;

const built = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
const store = fileURLToPath(new URL("../../../store/dist/index.js", import.meta.url));

/** Follows `log` and kills itself at one of its operations on the state, or is killed from outside. */
const PROGRAM = `
  import { follow, StateDirectory, WatchList } from ${JSON.stringify(built)};
  import { nodeFileSystem, watchedFileSystem } from ${JSON.stringify(store)};
  const [dir, killAt] = process.argv.slice(1);
  let operations = 0;
  const fs = watchedFileSystem(nodeFileSystem, () => {
    if (++operations === Number(killAt)) process.kill(process.pid, "SIGKILL");
  });
  const state = await StateDirectory.open(dir + "/state", { fs });
  if (!state.ok) throw new Error(state.fault.message);
  process.stdout.write("open\\n");
  const list = new WatchList([{ kind: "domain", value: "evil.example", ref: null }]);
  const stop = new AbortController();
  process.on("SIGTERM", () => stop.abort());
  await follow([dir + "/log"], { state: state.value, watchList: () => list, signal: stop.signal, pollMs: 5,
    onFault: ({ code, message }) => code === "nothing" || process.stderr.write(message + "\\n") });
  await state.value.close();
`;

/** mulberry32: the same sequence for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes a log, a line in several pieces now and then, and rotates it in all ways there are. */
class Writer {
  readonly #desk: Desk;
  readonly #random: () => number;
  written = 0;

  constructor(desk: Desk, random: () => number) {
    this.#desk = desk;
    this.#random = random;
  }

  async step(): Promise<void> {
    const count = Math.floor(this.#random() * 15);
    for (let i = 0; i < count; i++) {
      const line = lineOf(++this.written);
      const cut = this.#random() < 0.2 ? Math.floor(this.#random() * line.length) : line.length;
      await appendFile(this.#desk.path("log"), line.slice(0, cut));
      if (cut < line.length) await appendFile(this.#desk.path("log"), line.slice(cut));
    }
    await sleep(5);
    const choice = this.#random();
    if (choice < 0.06) await this.#rotate(() => rename(this.#desk.path("log"), this.#desk.path("log.1")));
    else if (choice < 0.08) await this.#rotate(() => this.#copyTruncate());
    if (this.#random() < 0.05) await this.#pack();
  }

  /** Moves what was rotated before out of the way, as logrotate numbers it. */
  async #rotate(act: () => Promise<void>): Promise<void> {
    const names = (await readdir(this.#desk.dir)).flatMap((name) => {
      const [, number, packed = ""] = /^log\.([0-9]+)(\.gz)?$/.exec(name) ?? [];
      return number === undefined ? [] : [{ number: Number(number), packed }];
    });
    for (const { number, packed } of names.sort((a, b) => b.number - a.number)) {
      await rename(this.#desk.path(`log.${number}${packed}`), this.#desk.path(`log.${number + 1}${packed}`));
    }
    if (existsSync(this.#desk.path("log"))) await act();
  }

  async #copyTruncate(): Promise<void> {
    await copyFile(this.#desk.path("log"), this.#desk.path("log.1"));
    await sleep(10);
    await truncate(this.#desk.path("log"), 0);
  }

  /** As gzip(1) does it: beside the file first, with its time, and only then is the file removed. */
  async #pack(): Promise<void> {
    const name = this.#desk.path("log.2");
    if (!existsSync(name)) return;
    const { atime, mtime } = await stat(name);
    await writeFile(`${name}.part`, gzipSync(await readFile(name)));
    await utimes(`${name}.part`, atime, mtime);
    await rename(`${name}.part`, `${name}.gz`);
    await sleep(10);
    await rm(name);
  }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("exit", () => resolve());
  });

it.skipIf(!existsSync(built))(`${KILLS} kills, each hit once`, { timeout: 1_200_000 }, async () => {
  const random = randomFrom(SEED);
  const desk = await Desk.make();
  const writer = new Writer(desk, random);
  let complaints = "";
  const start = (killAt: number): ChildProcess => {
    const args = ["--input-type=module", "-e", PROGRAM, desk.dir, String(killAt)];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr?.on("data", (text: Buffer) => (complaints += text.toString()));
    return child;
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const isFromWithin = kill > 0 && random() < 0.6;
    const child = start(isFromWithin ? 3 + Math.floor(random() * 60) : 0);
    const end = ended(child);
    let left = 5_000;
    child.stdout?.once("data", () => (left = random() * 300));
    // What was rotated before the first run began is not asked for.
    if (kill === 0) await new Promise((resolve) => child.stdout?.once("data", resolve));
    for (let last = Date.now(); left > 0 && child.signalCode === null; last = Date.now()) {
      await writer.step();
      left -= Date.now() - last;
    }
    child.kill("SIGKILL");
    await end;
    expect(complaints).toBe("");
    expect(child.signalCode).toBe("SIGKILL");
    if (random() < 0.5) await writer.step();
  }
  const last = start(0);
  await desk.until(writer.written).catch(() => undefined);
  last.kill("SIGTERM");
  await ended(last);
  const numbers = (await desk.numbers()).sort((a, b) => a - b);
  const found = new Set(numbers);
  const missing = Array.from({ length: writer.written }, (_, i) => i + 1).filter((number) => !found.has(number));
  const twice = numbers.filter((number, i) => number === numbers[i - 1]);
  expect({ missing: missing.length, twice: twice.length }).toEqual({ missing: 0, twice: 0 });
  await desk.remove();
});
