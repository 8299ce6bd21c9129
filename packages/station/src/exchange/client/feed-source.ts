import { err, type Fault, ok, type Result } from "@detente/basics";
import { cleanText, type FeedFault, type FeedSource } from "@detente/intel";
import { webSource } from "../../wire/body-source.ts";
import { readBody } from "../../wire/read-body.ts";
import type { WireFetch, WireResponse } from "../../wire/wire-fetch.ts";
import { reasonOf } from "./requests.ts";

/**
 * The files of a MISP feed below an address. Redirects are faults: what was allowed is this address.
 * @param address with or without a slash at its end
 * @param timeoutMs for one file
 */
export function feedSource(address: string, fetch: WireFetch, timeoutMs: number): FeedSource {
  const base = address.endsWith("/") ? address : `${address}/`;
  return {
    async read(name, maxBytes) {
      const url = base + name;
      const signal = AbortSignal.timeout(timeoutMs);
      let response: WireResponse;
      try {
        const headers = { accept: "application/json, text/csv", "user-agent": "detente" };
        response = await fetch(url, { method: "GET", headers, redirect: "manual", signal });
      } catch (error) {
        return err("unreachable", `${url} gave no answer (${reasonOf(error)}); see whether the address is right`);
      }
      const refused = refusalOf(url, response);
      if (refused !== undefined) {
        response.body?.cancel().catch(() => undefined);
        return refused;
      }
      const body = await readBody(webSource(response.body), { maxBytes, signal });
      if (body.ok) return ok(body.value);
      return body.fault.code === "too-large"
        ? err("too-large", `${url} is larger than ${maxBytes} bytes`)
        : err("unreachable", `${url}: ${body.fault.message}`);
    },
  };
}

function refusalOf(url: string, { status, headers }: WireResponse): Result<never, FeedFault> | undefined {
  const fault = (code: FeedFault["code"], message: string): Result<never, Fault<FeedFault["code"]>> =>
    err(code, message);
  if (status === 200) return undefined;
  if (status >= 300 && status < 400) {
    const to = cleanText(headers.get("location") ?? "nowhere", 200);
    return fault("redirected", `${url} redirects to ${to}; if that is right, give it as the address`);
  }
  if (status === 404 || status === 410) return fault("not-found", `${url} is not there`);
  if (status === 429 || status >= 500) return fault("busy", `${url} answers ${status}; try again later`);
  return fault("refused", `${url} answers ${status}`);
}
