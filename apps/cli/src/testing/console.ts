import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { runCli } from "../app.ts";
import type { Context } from "../context.ts";

/** What a command line printed and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: readonly Uint8Array[];
  readonly isTerminal?: boolean;
  readonly stopped?: Promise<void>;
  /** Is told what goes to standard output, when it does. */
  readonly printed?: (text: string) => void;
}

/** Runs one command line in this process. */
export async function detente(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { env = {}, stdin = [], isTerminal = false, stopped = new Promise<void>(() => undefined) } = surroundings;
  const tell = surroundings.printed ?? ((): void => undefined);
  const printed = { out: "", err: "" };
  const process: { -readonly [K in keyof Context["process"]]: Context["process"][K] } = {
    stdout: {
      write: (text) => {
        printed.out += text;
        tell(text);
      },
    },
    stderr: { write: (text) => void (printed.err += text) },
    env,
  };
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield* stdin;
  }
  await runCli(argv, {
    process,
    stdin: chunks(),
    isTerminal: { stdout: isTerminal, stderr: isTerminal },
    now: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    stopped: () => stopped,
  });
  return { code: Number(process.exitCode), ...printed };
}

/** Runs a command line that has to succeed and gives its JSON. */
export async function json<T>(argv: readonly string[]): Promise<T> {
  const { code, out, err } = await detente([...argv, "--json"]);
  if (code !== 0) throw new Error(`detente ${argv.join(" ")} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}

/** A port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Repeats a question until its answer satisfies, for at most 20 seconds. */
export async function until<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
