import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { runLine } from "../run-line.ts";

export { type Outcome, runLine as detente } from "../run-line.ts";

/** Runs a command line that has to succeed and gives its JSON. */
export async function json<T>(argv: readonly string[]): Promise<T> {
  const { code, out, err } = await runLine([...argv, "--json"]);
  if (code !== 0) throw new Error(`detente ${argv.join(" ")} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}

/**
 * A port of the loopback address that nobody listens on now. It is none of those that the system gives to whoever asks
 * for any: such a one another test may be given before it is used here.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 32_768);
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Repeats a question until its answer satisfies, for at most so many seconds. */
export async function until<T>(ask: () => Promise<T>, satisfies: (answer: T) => boolean, seconds = 60): Promise<T> {
  const deadline = Date.now() + 1000 * seconds;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
