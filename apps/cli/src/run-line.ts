import { randomBytes } from "node:crypto";
import { runCli } from "./app.ts";
import type { Context } from "./context.ts";

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

/**
 * Runs one command line in the process that calls. Whoever runs many, as the demo and the tests do, saves what starting
 * a process for each costs, which for most commands is more than what they do.
 */
export async function runLine(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
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
