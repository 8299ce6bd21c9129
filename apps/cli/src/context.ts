import { randomBytes } from "node:crypto";
import type { ApplicationContext } from "@stricli/core";

/** Everything that a command touches of the process it runs in, so that tests run commands in their own. */
export interface Context extends ApplicationContext {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** Resolves once a person or the system asks the process to stop. */
  readonly stopped: () => Promise<void>;
}

export function processContext(process: NodeJS.Process): Context {
  return {
    process: process as ApplicationContext["process"],
    stdin: process.stdin,
    isTerminal: { stdout: process.stdout.isTTY, stderr: process.stderr.isTTY },
    now: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      }),
  };
}
