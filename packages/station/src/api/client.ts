import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { err, type Fault, type Json, ok, type Result } from "@detente/basics";
import type { Pool } from "undici";
import { loadConfig } from "../setup/config.ts";
import { readToken } from "../setup/token.ts";
import { spkiPin } from "../wire/certificate.ts";
import type { Problem } from "../wire/errors.ts";
import { pinnedPool } from "../wire/pinned-pool.ts";

export type ClientFault = Fault<"not-a-station" | "not-running" | "refused">;

/** A connection of the party's own people and tools to their running station. */
export interface StationClient {
  readonly url: string;
  get<T>(path: string): Promise<Result<T, ClientFault>>;
  post<T>(path: string, body: Json): Promise<Result<T, ClientFault>>;
  /** The lines of an answer as they come. */
  lines(path: string): Promise<Result<AsyncIterable<string>, ClientFault>>;
  /** Gives up all connections, and answers that were not read to their end: nobody would wait for them in vain. */
  close(): Promise<void>;
}

/** Connects to the station of a data directory: address, token and TLS key come from its files. */
export async function connectStation(dir: string): Promise<Result<StationClient, ClientFault>> {
  const config = await loadConfig(dir);
  if (!config.ok) return err("not-a-station", config.fault.message);
  const { listen, url } = config.value;
  const secure = url.startsWith("https:");
  const host = listen.host === "0.0.0.0" ? "127.0.0.1" : listen.host === "::" ? "[::1]" : bracketed(listen.host);
  const local = new URL(`${secure ? "https" : "http"}://${host}:${listen.port}`);
  try {
    const token = await readToken(dir);
    const pin = secure ? spkiPin(await readFile(`${dir}/keys/tls-key.pem`, "utf8")) : undefined;
    return ok(clientOver(pinnedPool(local, pin), local.origin, token, dir));
  } catch (error) {
    return err("not-a-station", `${dir}: ${(error as Error).message}`);
  }
}

function clientOver(pool: Pool, url: string, token: string, dir: string): StationClient {
  const authorization = `Bearer ${token}`;

  async function send(method: "GET" | "POST", path: string, body?: Json): Promise<Result<Readable, ClientFault>> {
    let response;
    try {
      response = await pool.request({
        method,
        path,
        headers: { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        body: body === undefined ? null : JSON.stringify(body),
        headersTimeout: 300_000,
        bodyTimeout: 300_000,
        // Who computes for seconds between two requests would write into a connection that the station has closed.
        reset: true,
      });
    } catch (error) {
      const reason = (error as { code?: string }).code ?? (error as Error).message;
      return err(
        "not-running",
        `no station answers at ${url} (${reason}): start it with \`detente serve --data ${dir}\``,
      );
    }
    if (response.statusCode < 400) return ok(response.body);
    const problem = (await response.body.json().catch(() => ({}))) as Partial<Problem>;
    const remedy = problem.remedy === undefined ? "" : ` ${problem.remedy}`;
    return err("refused", `${problem.detail ?? `the station answered ${response.statusCode}`}${remedy}`);
  }

  async function read<T>(answer: Promise<Result<Readable, ClientFault>>): Promise<Result<T, ClientFault>> {
    const body = await answer;
    if (!body.ok) return body;
    const chunks: Buffer[] = [];
    for await (const chunk of body.value) chunks.push(chunk as Buffer);
    return ok(JSON.parse(Buffer.concat(chunks).toString("utf8")) as T);
  }

  return {
    url,
    get: <T>(path: string) => read<T>(send("GET", path)),
    post: <T>(path: string, body: Json) => read<T>(send("POST", path, body)),
    async lines(path) {
      const body = await send("GET", path);
      if (!body.ok) return body;
      // Whoever reads hears of a failure; where nobody does, it is that the answer was given up.
      body.value.on("error", () => undefined);
      return ok(linesOf(body.value));
    },
    close: () => pool.destroy(),
  };
}

/** The interface is made when the first line is asked for: lines that it reads before that are lost. */
async function* linesOf(input: Readable): AsyncGenerator<string, void, undefined> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("error", () => undefined);
  yield* lines;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
