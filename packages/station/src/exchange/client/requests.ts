import { type Bytes, err, type Fault, ok, type Result, toBase64, utf8, utf8Decode } from "@detente/basics";
import { cleanText } from "@detente/intel";
import { webSource } from "../../wire/body-source.ts";
import { readBody } from "../../wire/read-body.ts";
import type { WireFetch, WireResponse } from "../../wire/wire-fetch.ts";
import { isTaxii, TAXII_MEDIA_TYPE } from "../media-type.ts";

/** A collection of a server outside. */
export interface RemoteCollection {
  /** Of the API root, with its slash. */
  readonly apiRoot: string;
  readonly collection: string;
  readonly credentials?: Credentials;
}

export type Credentials =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "password"; readonly user: string; readonly password: string };

export interface ClientLimits {
  /** Milliseconds for one exchange. */
  readonly timeoutMs: number;
  /** Bytes of one answer. */
  readonly maxBytes: number;
}

export const CLIENT_LIMITS: ClientLimits = { timeoutMs: 60_000, maxBytes: 64 * 1024 * 1024 };

/** What describes a server, a collection or an envelope is parsed at once, into many times as many bytes. */
const MAX_DESCRIPTION: number = 8 * 1024 * 1024;

/** Limits for what is no envelope. */
export function ofDescriptions(limits: ClientLimits): ClientLimits {
  return { ...limits, maxBytes: Math.min(limits.maxBytes, MAX_DESCRIPTION) };
}

export type RemoteFault = Fault<
  "unreachable" | "redirected" | "refused" | "not-authenticated" | "busy" | "too-large" | "not-taxii"
>;

export interface RemoteAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Bytes;
}

/**
 * Asks below an API root. Credentials go to that place and nowhere else: redirects are faults. An answer that is not
 * TAXII, or larger than it may be, is a fault too.
 */
export class RemoteServer {
  readonly #apiRoot: string;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #fetch: WireFetch;
  readonly #limits: ClientLimits;

  constructor({ apiRoot, credentials }: RemoteCollection, fetch: WireFetch, limits: ClientLimits) {
    this.#apiRoot = apiRoot.endsWith("/") ? apiRoot : `${apiRoot}/`;
    this.#authorization = credentials === undefined ? {} : { authorization: authorizationOf(credentials) };
    this.#fetch = fetch;
    this.#limits = limits;
  }

  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<Result<RemoteAnswer, RemoteFault>> {
    const search = new URLSearchParams(query).toString();
    return this.#ask("GET", search === "" ? path : `${path}?${search}`);
  }

  post(path: string, body: Bytes): Promise<Result<RemoteAnswer, RemoteFault>> {
    return this.#ask("POST", path, body);
  }

  async #ask(method: string, path: string, body?: Bytes): Promise<Result<RemoteAnswer, RemoteFault>> {
    const url = this.#apiRoot + path;
    const signal = AbortSignal.timeout(this.#limits.timeoutMs);
    const headers = {
      accept: TAXII_MEDIA_TYPE,
      "user-agent": "detente",
      ...this.#authorization,
      ...(body === undefined ? {} : { "content-type": TAXII_MEDIA_TYPE }),
    };
    let response: WireResponse;
    try {
      response = await this.#fetch(url, { method, headers, redirect: "manual", signal, ...(body && { body }) });
    } catch (error) {
      return err(
        "unreachable",
        `${url} gave no answer (${reasonOf(error)}); see whether it runs and the address is right`,
      );
    }
    const read = await readBody(webSource(response.body), { maxBytes: this.#limits.maxBytes, signal });
    if (!read.ok) {
      return read.fault.code === "too-large"
        ? err("too-large", `${url} answers with more than ${this.#limits.maxBytes} bytes; ask for less at once`)
        : err("unreachable", `${url}: ${read.fault.message}`);
    }
    return judged(url, { status: response.status, headers: response.headers, body: read.value });
  }
}

function judged(url: string, answer: RemoteAnswer): Result<RemoteAnswer, RemoteFault> {
  const { status, headers } = answer;
  if (status >= 300 && status < 400) {
    const to = cleanText(headers.get("location") ?? "nowhere", 200);
    return err("redirected", `${url} redirects to ${to}; if that is right, set it as the address`);
  }
  if (status === 401) return err("not-authenticated", `${url} does not take the credentials; renew them`);
  if (status === 429 || status >= 500)
    return err("busy", `${url} answers ${status}${saidBy(answer)}; it is asked again later`);
  if (status === 413) return err("too-large", `${url} answers 413${saidBy(answer)}; send less at once`);
  if (status >= 400) return err("refused", `${url} answers ${status}${saidBy(answer)}`);
  if (!isTaxii(headers.get("content-type"))) {
    const type = cleanText(headers.get("content-type") ?? "no type", 100);
    return err(
      "not-taxii",
      `${url} answers with ${type} where TAXII 2.1 was asked for; is it an API root of TAXII 2.1?`,
    );
  }
  return ok(answer);
}

/** What the other says of its refusal, if that can be read. */
function saidBy({ body }: RemoteAnswer): string {
  try {
    const { title, description } = JSON.parse(utf8Decode(body.subarray(0, 4096)) ?? "") as Record<string, unknown>;
    const said = [title, description].filter((part) => typeof part === "string").join(", ");
    return said === "" ? "" : ` (${cleanText(said, 200)})`;
  } catch {
    return "";
  }
}

function authorizationOf(credentials: Credentials): string {
  return credentials.kind === "token"
    ? `Bearer ${credentials.token}`
    : `Basic ${toBase64(utf8(`${credentials.user}:${credentials.password}`))}`;
}

/** Why nothing came, in a few words. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { readonly cause?: Error & { readonly code?: string } };
  return cleanText(cause?.code ?? cause?.message ?? message, 100);
}
