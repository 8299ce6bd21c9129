import { Readable } from "node:stream";
import type { Bytes } from "@detente/basics";
import type { Pool } from "undici";

interface WireInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Bytes;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** As much of a `Response` as a peer client uses. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Bytes> | null;
}

/** Sends a request to where it is going: over sockets, or to another station in this process. */
export type WireFetch = (url: string, init: WireInit) => Promise<WireResponse>;

/** `WireFetch` over the connections of a pool; the request goes to the pool's origin whatever the URL says. */
export function poolFetch(pool: Pool): WireFetch {
  return async (url, init) => {
    const { pathname, search } = new URL(url);
    const response = await pool.request({
      method: init.method,
      path: pathname + search,
      headers: init.headers,
      body: init.body ?? null,
      signal: init.signal,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers)) {
      for (const one of [value ?? []].flat()) headers.append(name, one);
    }
    const body = Readable.toWeb(response.body) as ReadableStream<Bytes>;
    return { status: response.statusCode, headers, body };
  };
}
