import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** The answers that a station gave to requests of one path, as they went over the wire: it stands before its port. */
export class AnswersSeen {
  /** By the body of the request: every body that was answered with 200. */
  readonly answers = new Map<string, Set<string>>();
  /** How many requests were sent again after they were answered. */
  repeated = 0;
  readonly #path: string;
  readonly #target: number;
  readonly #agent = new Agent();
  readonly #server: Server;
  #isOpen = true;

  constructor(path: string, target: number) {
    this.#path = path;
    this.#target = target;
    this.#server = createServer((asked, answer) => void this.#serve(asked, answer).catch(() => answer.destroy()));
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const sent = await read(asked);
    const [status, headers, received] = await this.#forward(asked, sent);
    if (asked.url === this.#path && status === 200) {
      const key = sent.toString("latin1");
      const known = this.answers.get(key) ?? new Set();
      if (known.size > 0) this.repeated++;
      this.answers.set(key, known.add(received.toString("latin1")));
    }
    answer.writeHead(status, { ...headers, "content-length": received.length }).end(received);
  }

  /** Waits for a station that is being started again. */
  async #forward(asked: IncomingMessage, sent: Buffer): Promise<[number, object, Buffer]> {
    for (;;) {
      try {
        return await this.#once(asked, sent);
      } catch (error) {
        if (!this.#isOpen || (error as NodeJS.ErrnoException).code !== "ECONNREFUSED") throw error;
        await sleep(10);
      }
    }
  }

  #once({ method, url, headers }: IncomingMessage, sent: Buffer): Promise<[number, object, Buffer]> {
    const to = { host: "127.0.0.1", port: this.#target, method, path: url, headers, agent: this.#agent };
    return new Promise((resolve, reject) => {
      const going = request(to, (answer) => {
        const { "transfer-encoding": _, connection: __, ...kept } = answer.headers;
        read(answer).then((received) => resolve([answer.statusCode ?? 0, kept, received]), reject);
      });
      going.on("error", reject).end(sent);
    });
  }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
