import { assert, type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { errors } from "undici";
import type { Backoff } from "./backoff.ts";
import { type Answer, type Carry, carryByFetch, type Outgoing } from "./carry.ts";
import { signRequest } from "./http-signature.ts";
import { checkPeerUrl, parsePeerUrl, type PeerUrlFault, PinError, pinnedPool } from "./pinned-pool.ts";
import { poolCarry } from "./pool-carry.ts";
import { type BodyFault, type BodyLimits, pumpBody, readBody } from "./read-body.ts";
import type { WireFetch } from "./wire-fetch.ts";

type PeerFault = Fault<"unreachable" | "timeout" | "too-large" | "tls" | "redirected" | "bad-response" | "backing-off">;

export interface PeerClientOptions {
  /** The calling party's name. */
  readonly self: string;
  /**
   * Ed25519 seeds (32 bytes), the one in use first. A peer knows exactly one of them, as its record has it: where it
   * refuses one, the others are tried.
   */
  readonly transportSeeds: () => readonly Bytes[];
  readonly peer: { readonly name: string; readonly url: string; readonly tls?: { readonly spki: string } };
  /** In place of sockets, for stations in one process. */
  readonly fetch?: WireFetch;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A new nonce at each call: 16 to 64 printable characters. */
  readonly nonce: () => string;
  readonly backoff: Backoff;
}

/** @internal */
export interface PeerRequest {
  readonly body?: Bytes;
  readonly headers?: Readonly<Record<string, string>>;
  /** The largest response taken. */
  readonly maxBytes: number;
  /** From the call to the last byte of the response. */
  readonly timeoutMs: number;
  /** Gives the exchange up. */
  readonly signal?: AbortSignal;
  /** How fast the body of the response must come; without it the time alone ends a wait. */
  readonly pace?: NonNullable<BodyLimits["pace"]>;
  /** Takes the body of a 2xx response chunk by chunk; the response's `body` then stays empty. What it throws is thrown. */
  readonly sink?: (chunk: Bytes) => void | Promise<void>;
}

/** @internal */
export interface PeerResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
}

export interface PeerClient {
  /**
   * Sends one signed request. Any status but a redirect is a response; trouble on the way is a fault.
   * @param path from `/`, with a query if need be, in the normal form of a URL; appended to the peer's URL
   */
  request(method: string, path: string, wanted: PeerRequest): Promise<Result<PeerResponse, PeerFault>>;
  /** Gives up all connections. */
  close(): Promise<void>;
}

/** A client for one peer. It proves who calls, believes the pinned key only, and never follows a redirect. */
export function createPeerClient(options: PeerClientOptions): Result<PeerClient, PeerUrlFault> {
  const { self, transportSeeds, peer, backoff, now, nonce } = options;
  const pin = peer.tls?.spki;
  const url = options.fetch === undefined ? checkPeerUrl(peer.url, pin) : parsePeerUrl(peer.url);
  if (!url.ok) return url;
  const { origin, pathname } = url.value;
  const prefix = pathname.replace(/\/$/, "");
  const pool = options.fetch === undefined ? pinnedPool(url.value, pin) : undefined;
  const carry = pool === undefined ? carryByFetch(options.fetch as WireFetch, origin) : poolCarry(pool);
  let known: Bytes | undefined;

  async function request(method: string, path: string, wanted: PeerRequest): Promise<Result<PeerResponse, PeerFault>> {
    const wait = backoff.remaining(now());
    if (wait > 0) return err("backing-off", `${peer.name} failed before; the next attempt is in ${wait} ms`);
    const target = prefix + path;
    const unsigned = { ...wanted, method, url: origin + target };
    let outcome: Result<PeerResponse, PeerFault> | undefined;
    for (const seed of seedsToTry()) {
      const key = { keyid: self, seed, to: peer.name };
      const headers = signRequest(unsigned, key, { created: Math.floor(now() / 1000), nonce: nonce() });
      outcome = await exchange(carry, { method, target, headers, body: wanted.body }, wanted, peer.name);
      if (outcome.ok && outcome.value.status === 401) continue;
      if (outcome.ok) known = seed;
      break;
    }
    assert(outcome !== undefined, "there is a transport key");
    note(outcome);
    return outcome;
  }

  /** The one that this peer took last comes first. */
  function seedsToTry(): readonly Bytes[] {
    const seeds = transportSeeds();
    return known !== undefined && seeds.includes(known) ? [known, ...seeds.filter((seed) => seed !== known)] : seeds;
  }

  function note(outcome: Result<PeerResponse, PeerFault>): void {
    // An answer that is too large, or a redirect, is an answer: waiting would not mend it.
    if (outcome.ok || outcome.fault.code === "too-large" || outcome.fault.code === "redirected") backoff.succeeded();
    else backoff.failed(now());
    const seconds = outcome.ok ? retryAfter(outcome.value) : undefined;
    if (seconds !== undefined) backoff.toldToWait(now(), seconds * 1000);
  }

  return ok({ request, close: async () => pool?.destroy() });
}

/** Stands for a peer whose address nobody may call. */
export function unreachablePeer(reason: string): PeerClient {
  return { request: () => Promise.resolve(err("unreachable", reason)), close: () => Promise.resolve() };
}

async function exchange(
  carry: Carry,
  request: Outgoing,
  wanted: PeerRequest,
  peer: string,
): Promise<Result<PeerResponse, PeerFault>> {
  const { signal, timeoutMs } = wanted;
  if (signal?.aborted === true) return givenUp(peer);
  const carried = carry(request);
  let late: Result<never, PeerFault> | undefined;
  const giveUp = (why: Result<never, PeerFault>): void => {
    late ??= why;
    carried.giveUp();
  };
  const onAbort = (): void => giveUp(givenUp(peer));
  const timer = setTimeout(() => giveUp(err("timeout", `${peer} took longer than ${timeoutMs} ms`)), timeoutMs);
  signal?.addEventListener("abort", onAbort);
  try {
    const answer = await carried.answer.catch((error: unknown) => wireFault(error as Error, peer));
    if (late !== undefined) return late;
    if ("ok" in answer) return answer;
    const received = await receive(answer, wanted, peer);
    return late ?? received;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function givenUp(peer: string): Result<never, PeerFault> {
  return err("timeout", `the exchange with ${peer} was given up`);
}

async function receive(
  { status, headers, body }: Answer,
  { maxBytes, pace, sink }: PeerRequest,
  peer: string,
): Promise<Result<PeerResponse, PeerFault>> {
  if (status >= 300 && status < 400 && status !== 304) {
    body.cancel();
    return err(
      "redirected",
      `${peer} answered ${status}; redirects are not followed, correct the URL in its party file`,
    );
  }
  const limits = { maxBytes, ...(pace === undefined ? {} : { pace }) };
  const isPoured = sink !== undefined && status >= 200 && status < 300;
  const read = isPoured ? await pumpBody(body, limits, sink) : await readBody(body, limits);
  if (!read.ok) return err(BODY_FAULTS[read.fault.code], `the answer of ${peer}: ${read.fault.message}`);
  return ok({ status, headers, body: typeof read.value === "number" ? new Uint8Array() : read.value });
}

const BODY_FAULTS: Readonly<Record<BodyFault["code"], PeerFault["code"]>> = {
  "too-large": "too-large",
  "too-slow": "timeout",
  broken: "bad-response",
};

function wireFault(error: Error & { readonly code?: unknown }, peer: string): Result<never, PeerFault> {
  const code = typeof error.code === "string" ? error.code : "";
  if (error instanceof PinError) return err("tls", `${peer}: ${error.message}`);
  if (/^(ERR_SSL|ERR_TLS|ERR_OSSL|EPROTO)/.test(code)) return err("tls", `${peer}: the TLS handshake failed: ${code}`);
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code)) return err("timeout", `${peer} did not answer in time`);
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) {
    return err("bad-response", `${peer} does not speak HTTP: ${error.message}`);
  }
  return err("unreachable", `${peer} cannot be reached: ${code === "" ? error.message : code}`);
}

function retryAfter(response: PeerResponse): number | undefined {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const seconds = response.headers["retry-after"] ?? "";
  return /^[0-9]{1,9}$/.test(seconds) ? Number(seconds) : undefined;
}
