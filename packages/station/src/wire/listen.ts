import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { err, type Fault, ok, type Result } from "@detente/basics";
import { isLoopbackHost } from "./loopback.ts";

/** PEM texts. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

export type ListenFault = Fault<"plain-http">;

export interface ListenOptions {
  readonly createServer: typeof createHttpServer | typeof createHttpsServer;
  readonly serverOptions: ServerOptions;
}

/** Bounds on what a client may send before a handler sees it; bodies have their own (read-body.ts). */
const LIMITS = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, connectionsCheckingInterval: 1000 } as const;

/**
 * The server for a host to listen on, to be spread into `serve` of @hono/node-server. With an identity TLS 1.3 only;
 * without one plain HTTP, and that only on loopback.
 */
export function listenOptions(host: string, identity?: TlsIdentity): Result<ListenOptions, ListenFault> {
  if (identity !== undefined) {
    const tls = { key: identity.key, cert: identity.cert, minVersion: "TLSv1.3", handshakeTimeout: 10_000 } as const;
    return ok({ createServer: createHttpsServer, serverOptions: { ...LIMITS, ...tls } });
  }
  if (isLoopbackHost(host)) return ok({ createServer: createHttpServer, serverOptions: { ...LIMITS } });
  return err("plain-http", `${host} is not loopback: set a TLS key and certificate, or listen on 127.0.0.1`);
}
