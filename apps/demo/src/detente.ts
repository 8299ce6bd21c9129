import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Json } from "@detente/basics";

/** The command as it is built beside this app; the story uses it as anyone would. */
const COMMAND = fileURLToPath(new URL("../../cli/bin/detente.js", import.meta.url));
/** The same for command lines of which the story has dozens: a process for each would take minutes to start. */
const LINES = new URL("../../cli/dist/run-line.js", import.meta.url).href;

/** The last lines of what a command that failed wrote. */
const QUOTED = 2000;

/** Runs `detente … --json` and gives what it printed. @throws where it ends with a code that is not among `fine` */
export async function detente(args: readonly string[], fine: readonly number[] = [0]): Promise<Json> {
  const { runLine } = (await import(LINES)) as Lines;
  const { code, out, err } = await runLine([...args, "--json"]);
  if (!fine.includes(code)) throw new Error(`detente ${args.join(" ")}: ${err.trim().slice(-QUOTED)}`);
  const last = out.trim().split("\n").at(-1) ?? "";
  return last === "" ? null : (JSON.parse(last) as Json);
}

interface Lines {
  readonly runLine: (
    argv: readonly string[],
  ) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** A station of the story: a process of its own, whose log goes to a file. */
export class StationProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #trouble = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve) => child.on("close", resolve));
    child.stderr?.on("data", (chunk: Buffer) => (this.#trouble = (this.#trouble + chunk.toString()).slice(-QUOTED)));
  }

  static async start(dir: string, logFile: string): Promise<StationProcess> {
    await mkdir(dir, { recursive: true });
    // In a process group of its own: Ctrl-C reaches this program alone, which then stops its stations in order.
    const child = spawn(process.execPath, [COMMAND, "serve", "--data", dir], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = createWriteStream(logFile, { flags: "a" });
    child.stdout.pipe(log);
    child.stderr.pipe(log, { end: false });
    return new StationProcess(child);
  }

  /** Resolves when `url` answers; rejects when the process ends or takes too long. */
  async healthy(url: string): Promise<void> {
    for (let attempt = 0; attempt < 300 && this.#child.exitCode === null; attempt++) {
      const answer = await fetch(`${url}/healthz`).catch(() => undefined);
      if (answer?.ok === true) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the station at ${url} did not start: ${this.#trouble.trim() || "no answer in 30 s"}`);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}
