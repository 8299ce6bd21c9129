import { type Bytes, concatBytes, toBase64 } from "@detente/basics";
import { type Clock, signRequest, type WireFetch } from "@detente/station";
import type { Address } from "./test-station.ts";

export interface RawRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Bytes;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Bytes;
}

export interface Signing {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
  /** In whose name. */
  readonly keyid?: string;
  /** With which key, 32 bytes. */
  readonly seed?: Bytes;
  /** For whom. */
  readonly to?: string;
  /** When, in seconds since the epoch. */
  readonly created?: number;
}

export interface ClientOptions {
  /** In whose name requests are signed. */
  readonly name: string;
  readonly random: (length: number) => Bytes;
  readonly clock: Clock;
  readonly fetch: WireFetch;
}

/** Signs requests as a member does, or falsely, and sends them as they are. */
export class HostileClient {
  readonly #options: ClientOptions;
  readonly #seed: Bytes;

  /** @param seed of the transport key, 32 bytes */
  constructor(options: ClientOptions, seed: Bytes) {
    this.#options = options;
    this.#seed = seed;
  }

  /** Signs a request and sends it. */
  send(to: Address, method: string, path: string, signing: Signing = {}): Promise<RawAnswer> {
    return this.sendRaw(this.sign(to, method, path, signing));
  }

  sign(to: Address, method: string, path: string, signing: Signing = {}): RawRequest {
    const { body = new Uint8Array(0), keyid = this.#options.name, seed = this.#seed } = signing;
    const url = `${to.url}${path}`;
    const headers = signRequest(
      { method, url, body, headers: signing.headers ?? {} },
      { keyid, seed, to: signing.to ?? to.name },
      {
        created: signing.created ?? Math.floor(this.#options.clock.now() / 1000),
        nonce: toBase64(this.#options.random(18)),
      },
    );
    return { url, method, headers, body };
  }

  async sendRaw({ url, method, headers, body }: RawRequest): Promise<RawAnswer> {
    const { signal } = new AbortController();
    const carried = method === "GET" ? {} : { body };
    const response = await this.#options.fetch(url, { method, headers, redirect: "manual", signal, ...carried });
    const chunks: Bytes[] = [];
    if (response.body !== null)
      for await (const chunk of response.body as unknown as AsyncIterable<Bytes>) chunks.push(chunk);
    return { status: response.status, headers: response.headers, body: concatBytes(...chunks) };
  }
}
