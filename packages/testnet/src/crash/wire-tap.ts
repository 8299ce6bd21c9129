import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A request and its answer as they went over the wire. */
export interface Exchange {
  readonly to: string;
  readonly method: string;
  readonly path: string;
  readonly sent: Buffer;
  readonly status: number;
  readonly received: Buffer;
}

/**
 * Stands before a station's port and keeps everything that whole answers brought. While the station is down it holds
 * requests back, so that tests need not wait for its peer to try again.
 */
export class WireTap {
  readonly exchanges: Exchange[] = [];
  isPatient = true;
  readonly #name: string;
  readonly #target: number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;

  /** @param target the port on loopback where the station listens */
  constructor(name: string, target: number) {
    this.#name = name;
    this.#target = target;
    this.#server = createServer((asked, answer) => void this.#serve(asked, answer).catch(() => answer.destroy()));
    this.#server.keepAliveTimeout = 60_000;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
  }

  async close(): Promise<void> {
    this.isPatient = false;
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const sent = await read(asked);
    const { status, headers, received } = await this.#forward(asked, sent);
    this.exchanges.push({ to: this.#name, method: asked.method ?? "", path: asked.url ?? "", sent, status, received });
    answer.writeHead(status, { ...headers, "content-length": received.length }).end(received);
  }

  async #forward(
    asked: IncomingMessage,
    sent: Buffer,
  ): Promise<Pick<Exchange, "status" | "received"> & { headers: object }> {
    for (;;) {
      try {
        return await this.#once(asked, sent);
      } catch (error) {
        if (!this.isPatient || (error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
        await sleep(5);
      }
    }
  }

  #once(asked: IncomingMessage, sent: Buffer): Promise<Pick<Exchange, "status" | "received"> & { headers: object }> {
    const { method, url, headers } = asked;
    return new Promise((resolve, reject) => {
      const going = request(
        { host: "127.0.0.1", port: this.#target, method, path: url, headers: headers, agent: this.#agent },
        (answer) => {
          const { "transfer-encoding": _, connection: __, ...kept } = answer.headers;
          read(answer).then((received) => resolve({ status: answer.statusCode ?? 0, headers: kept, received }), reject);
        },
      );
      going.on("error", reject).end(sent);
    });
  }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
