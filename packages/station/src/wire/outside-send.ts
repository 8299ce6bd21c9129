import { unwrap } from "@detente/basics";
import type { Send } from "@detente/tlog";
import { webSource } from "./body-source.ts";
import { readBody } from "./read-body.ts";
import type { WireFetch } from "./wire-fetch.ts";

const TIMEOUT = 10_000;
const MAX_ANSWER = 1 << 16;

/**
 * Carries requests to a service outside the unit, below `prefix`: unsigned, over TLS with the certificate authorities
 * that this system trusts. Redirects are answers like any other, and are not followed.
 */
export function sendOutside(prefix: string, exchange: WireFetch = systemFetch): Send {
  return async ({ method, path, headers, body }) => {
    const signal = AbortSignal.timeout(TIMEOUT);
    const sent = { ...headers, "user-agent": "detente" };
    const response = await exchange(prefix + path, { method, headers: sent, body, redirect: "manual", signal }).catch(
      explain,
    );
    const read = unwrap(await readBody(webSource(response.body), { maxBytes: MAX_ANSWER, signal }));
    return { status: response.status, headers: Object.fromEntries(response.headers), body: read };
  };
}

/** What fetch throws says only that it failed; its cause says why. */
function explain(error: Error & { readonly cause?: Error & { readonly code?: string } }): never {
  throw new Error(error.cause?.code ?? error.cause?.message ?? error.message, { cause: error });
}

const systemFetch: WireFetch = (url, { body, ...init }) =>
  fetch(url, { ...init, ...(body === undefined ? {} : { body: Uint8Array.from(body) }) });
