import { createServer } from "node:net";

const HOST = "127.0.0.1";

/**
 * Makes sure that nobody listens on the stations' ports. Whoever does would answer in a station's place, and what it
 * says would be taken for the station's trouble.
 * @throws naming the first port that is taken
 */
export async function claimable(ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const flaw = await listenOnce(port);
    if (flaw === undefined) continue;
    const why = flaw.code === "EADDRINUSE" ? "another program uses it" : flaw.message;
    throw new Error(
      `port ${port} is not free: ${why} — stop it, or give the first of three free ports with --port ` +
        "(and a new --dir, where the stations were made already)",
    );
  }
}

function listenOnce(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on("error", resolve);
    server.listen(port, HOST, () => server.close(() => resolve(undefined)));
  });
}
