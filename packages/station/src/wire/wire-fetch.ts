import type { Bytes } from "@detente/basics";

interface WireInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Bytes;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** As much of a `Response` as is used. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Bytes> | null;
}

/** Sends a request to a server outside the unit, or to another station in this process. */
export type WireFetch = (url: string, init: WireInit) => Promise<WireResponse>;
