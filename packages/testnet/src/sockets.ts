import { randomInt } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { Readable } from "node:stream";
import type { Endpoint } from "./network.ts";

/**
 * A port of the loopback address that nobody listens on now. It is none of those that the system gives to whoever asks
 * for any: such a one another test may be given before it is used here.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 32_768);
  const probe = createTcpServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Serves an endpoint on the loopback address until the function given back is called. */
export async function serveOnSocket(port: number, endpoint: Endpoint): Promise<() => Promise<void>> {
  const server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const response = await endpoint(toRequest(incoming, port));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body === null) outgoing.end();
      else
        Readable.fromWeb(response.body)
          .on("error", () => outgoing.destroy())
          .pipe(outgoing);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

function toRequest(incoming: IncomingMessage, port: number): Request {
  const { method = "GET", url = "/" } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(`http://127.0.0.1:${port}${url}`, {
    method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>, duplex: "half" } : {}),
  });
}
