import type { IncomingMessage } from "node:http";
import type { Bytes } from "@detente/basics";
import { bindingsOf, type Received } from "./received.ts";

type Piece = Bytes | undefined;

/** Where a body is read from, piece by piece, at the reader's pace. */
export interface BodySource {
  /**
   * The next piece, `undefined` at the end; at once where it is here already. Rejects where the body broke off. To be
   * called again only when the last piece is here.
   */
  next(): Piece | Promise<Piece>;
  /** Nothing more will be read. */
  cancel(): void;
}

const EMPTY: BodySource = { next: () => undefined, cancel: () => undefined };

/** The body of a `Request` or `Response`; cancelling it cancels the stream. */
export function webSource(stream: ReadableStream<Bytes> | null): BodySource {
  if (stream === null) return EMPTY;
  const reader = stream.getReader();
  return {
    next: async () => (await reader.read()).value,
    cancel: () => void reader.cancel().catch(() => undefined),
  };
}

/**
 * The body of a request to a server: from the socket where it came by one, else from the `Request`. Nothing is read
 * before it is asked for.
 */
export function requestSource(received: Received): BodySource {
  const { incoming } = bindingsOf(received);
  if (incoming === undefined) return webSource(received.req.raw.body);
  return hasBody(incoming) ? incomingSource(incoming) : EMPTY;
}

/** RFC 9112 §6.3: without either field a request has no body. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * Cancelled it only stops reading: the answer has to leave by the same socket, which is closed behind it. What stays
 * unread once an answer is out is thrown away within limits by @hono/node-server.
 */
function incomingSource(incoming: IncomingMessage): BodySource {
  let wake = (): void => undefined;
  const woken = (): void => wake();
  let isListening = false;

  function listen(): void {
    if (isListening) return;
    isListening = true;
    for (const event of EVENTS) incoming.on(event, woken);
  }

  function stop(): void {
    for (const event of EVENTS) incoming.off(event, woken);
  }

  function read(): Piece | Promise<Piece> {
    const piece = incoming.read() as Buffer | null;
    if (piece !== null) return piece;
    if (incoming.complete || incoming.destroyed) {
      stop();
      return incoming.complete ? undefined : Promise.reject(new Error("the connection is gone"));
    }
    listen();
    return new Promise<void>((resolve) => (wake = resolve)).then(read);
  }

  return { next: read, cancel: stop };
}

/** After each of these there is more to read, or nothing ever again. */
const EVENTS = ["readable", "close"] as const;
