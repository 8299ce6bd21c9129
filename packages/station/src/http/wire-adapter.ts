import type { Bytes } from "@detente/basics";
import type { Send, WireRequest, WireResponse } from "@detente/tlog";
import type { PeerClient } from "../wire/peer-client.ts";

/** A request below `prefix` in the form in which the log's protocols take it. */
export function toWireRequest(request: Request, prefix: string, body: Bytes): WireRequest {
  const path = new URL(request.url).pathname.slice(prefix.length);
  return { method: request.method, path, headers: Object.fromEntries(request.headers), body };
}

export function fromWireResponse(response: WireResponse): Response {
  return new Response(Uint8Array.from(response.body), { status: response.status, headers: response.headers });
}

/** Carries the log's protocols to a peer, below `prefix` there; rejects where no answer came. */
export function sendTo(peer: PeerClient, prefix: string, limits: { maxBytes: number; timeoutMs: number }): Send {
  return async (request) => {
    const answer = await peer.request(request.method, `${prefix}${request.path}`, {
      body: request.body,
      headers: request.headers,
      ...limits,
    });
    if (!answer.ok) throw new Error(answer.fault.message);
    return answer.value;
  };
}
