import { createServer, type AddressInfo } from "node:net";
import { runLine } from "../run-line.ts";

export { type Outcome, runLine as detente } from "../run-line.ts";

/** Runs a command line that has to succeed and gives its JSON. */
export async function json<T>(argv: readonly string[]): Promise<T> {
  const { code, out, err } = await runLine([...argv, "--json"]);
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
