import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { canonicalIndicator } from "@detente/intel/canonical";
import { Agent, request } from "undici";
import type { WireFetch } from "../../wire/wire-fetch.ts";

export interface OutboundOptions {
  /** Whether addresses may be private, on this machine and the like, and plain HTTP: for a server of one's own. */
  readonly allowPrivate: boolean;
}

export type OutboundFault = Fault<"bad-address" | "private-address">;

/**
 * Whether a server outside may be asked at all, before anything is sent: https at a public address. What a name leads
 * to is seen to when it is looked up (`outboundFetch`).
 */
export function checkOutbound(address: string, { allowPrivate }: OutboundOptions): Result<URL, OutboundFault> {
  if (!URL.canParse(address)) return err("bad-address", `${address} is no URL; write it as https://host/taxii2/`);
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") {
    return err("bad-address", "an address has no user or password in it; they are settings of their own");
  }
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:")) {
    return err("bad-address", `${url.origin} is not https; only servers that may be private may be asked over http`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (!allowPrivate && isIP(host) !== 0 && !isPublic(host)) {
    return err("private-address", `${url.hostname} is not a public address; allow private ones if it is meant`);
  }
  return ok(url);
}

/**
 * An IP address that is none of the special-purpose ones (RFC 6890).
 * @internal
 */
export function isPublic(address: string): boolean {
  const canonical = canonicalIndicator(address, ["ipv4", "ipv6"]);
  return canonical.ok && canonical.value.specialUse.length === 0;
}

/** Sends requests to servers outside. A name that leads to a private address is not connected to, unless allowed. */
export function outboundFetch(options: OutboundOptions): { readonly fetch: WireFetch; close(): Promise<void> } {
  const agent = new Agent({
    connections: 4,
    connect: { timeout: 10_000, ...(options.allowPrivate ? {} : { lookup: publicOnly }) },
  });
  return {
    async fetch(url, { method, headers, body, signal }) {
      // Where the host is an address nothing is looked up.
      const checked = checkOutbound(url, options);
      if (!checked.ok) throw new Error(checked.fault.message);
      const response = await request(url, {
        dispatcher: agent,
        method: method as "GET",
        headers,
        signal,
        body: body ?? null,
      });
      const shown = new Headers();
      for (const [name, value] of Object.entries(response.headers)) {
        for (const one of [value ?? []].flat()) shown.append(name, one);
      }
      return {
        status: response.statusCode,
        headers: shown,
        body: Readable.toWeb(response.body) as ReadableStream<Bytes>,
      };
    },
    close: () => agent.close(),
  };
}

/** Looks a name up and gives its public addresses only: what is connected to is what was judged. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, "", 0);
    const found = addresses.filter(({ address }) => isPublic(address));
    const [first] = found;
    if (first === undefined) {
      const refused: NodeJS.ErrnoException = new Error(`${hostname} leads to private addresses only`);
      refused.code = "EPRIVATE";
      return callback(refused, "", 0);
    }
    return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
  });
};
