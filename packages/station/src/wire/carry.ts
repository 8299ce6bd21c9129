import type { Bytes } from "@detente/basics";
import { type BodySource, webSource } from "./body-source.ts";
import type { WireFetch, WireResponse } from "./wire-fetch.ts";

export interface Outgoing {
  readonly method: string;
  /** Path and query below the peer's origin, in the normal form of a URL. */
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body: Bytes | undefined;
}

/** An answer whose body is still to come: it is read to its end, or cancelled. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; values of repeated fields joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodySource;
}

/** A request on its way. */
export interface Carried {
  /** Rejects where no answer comes, and as soon as the request is given up. */
  readonly answer: Promise<Answer>;
  /** Gives up whatever is still under way, the body of the answer included: what is read of it after that counts for nothing. */
  giveUp(): void;
}

/** Carries requests to one peer. Never follows a redirect. */
export type Carry = (request: Outgoing) => Carried;

/** To another station in this process, or wherever `fetch` leads. */
export function carryByFetch(fetch: WireFetch, origin: string): Carry {
  return ({ method, target, headers, body }) => {
    const giving = new AbortController();
    const { signal } = giving;
    let given: BodySource | undefined;
    signal.addEventListener("abort", () => given?.cancel());
    const answer = new Promise<Answer>((resolve, reject) => {
      // A fetch that does not heed the signal must not hold up its caller.
      signal.addEventListener("abort", () => reject(signal.reason as Error));
      const init = { method, headers, redirect: "manual", signal, ...(body === undefined ? {} : { body }) } as const;
      const received = ({ status, headers: fields, body: stream }: WireResponse): void => {
        given = webSource(stream);
        if (signal.aborted) given.cancel();
        resolve({ status, headers: Object.fromEntries(fields), body: given });
      };
      fetch(origin + target, init).then(received, reject);
    });
    return { answer, giveUp: () => giving.abort() };
  };
}
