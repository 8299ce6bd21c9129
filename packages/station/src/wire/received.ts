import type { HttpBindings } from "@hono/node-server";

/** As much of Hono's `Context` as says how a request came. */
export interface Received {
  readonly req: { readonly raw: Request };
  /** What the server gave with it. */
  readonly env: unknown;
}

/** The two halves of the exchange as Node has them; empty where the request came by no socket. */
export function bindingsOf({ env }: Received): Partial<HttpBindings> {
  return env ?? {};
}
