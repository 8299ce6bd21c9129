import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { Pace } from "@detente/store";
import { type BodySource, requestSource } from "./body-source.ts";
import type { Received } from "./received.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  /** A sender must keep `bytesPerSecond` on average, after a start of `graceMs`; without it a wait ends with the source. */
  readonly pace?: { readonly graceMs: number; readonly bytesPerSecond: number };
  readonly signal?: AbortSignal;
}

export type BodyFault = Fault<"too-large" | "too-slow" | "broken">;

/** What a server answers to each fault of a request's body. The connection is to be closed: the rest still comes. */
export const BODY_STATUS: Readonly<Record<BodyFault["code"], 413 | 408 | 400>> = {
  "too-large": 413,
  "too-slow": 408,
  broken: 400,
};

/** Reads a whole body into memory under limits. At a fault the source is cancelled and nothing is kept. */
export async function readBody(source: BodySource, limits: BodyLimits): Promise<Result<Bytes, BodyFault>> {
  const chunks: Bytes[] = [];
  const read = await pumpBody(source, limits, (chunk) => void chunks.push(chunk));
  return read.ok ? ok(await joined(chunks, read.value)) : read;
}

/** Others have their turn meanwhile. */
async function joined(chunks: readonly Bytes[], length: number): Promise<Bytes> {
  const whole = new Uint8Array(length);
  const pace = new Pace();
  let at = 0;
  for (const chunk of chunks) {
    if (pace.isOver) await pace.rest();
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** `readBody` of a request to a server: a Content-Length beyond the limit is refused before a byte is read. */
export async function readRequestBody(received: Received, limits: BodyLimits): Promise<Result<Bytes, BodyFault>> {
  const declared = Number(received.req.raw.headers.get("content-length") ?? 0);
  if (declared > limits.maxBytes) return tooLarge(limits.maxBytes);
  return readBody(requestSource(received), limits);
}

/**
 * Hands a body on chunk by chunk under limits, waiting for each to be taken: for what is too large for memory.
 * @returns how many bytes there were. Whatever the sink throws is thrown
 */
export async function pumpBody(
  source: BodySource,
  limits: BodyLimits,
  sink: (chunk: Bytes) => void | Promise<void>,
): Promise<Result<number, BodyFault>> {
  const started = performance.now();
  const turns = new Pace();
  let received = 0;
  let whole = false;
  try {
    for (;;) {
      if (limits.signal?.aborted === true) return err("too-slow", "the time for this body is over");
      const next = source.next();
      const chunk = next instanceof Promise ? await inTime(next, limits, received, started) : ok(next);
      if (!chunk.ok) return chunk;
      if (chunk.value === undefined) {
        whole = true;
        return ok(received);
      }
      received += chunk.value.length;
      if (received > limits.maxBytes) return tooLarge(limits.maxBytes);
      await sink(chunk.value);
      // What has come already is read without waiting.
      if (turns.isOver) await turns.rest();
    }
  } finally {
    if (!whole) source.cancel();
  }
}

/** What is still to come of a body, within its time. */
async function inTime(
  coming: Promise<Bytes | undefined>,
  { pace, signal }: BodyLimits,
  received: number,
  started: number,
): Promise<Result<Bytes | undefined, BodyFault>> {
  const waits: { timer?: NodeJS.Timeout; onAbort?: () => void } = {};
  const given = new Promise<"slow">((resolve) => {
    if (pace !== undefined) {
      const allowedMs = pace.graceMs + (received / pace.bytesPerSecond) * 1000;
      waits.timer = setTimeout(() => resolve("slow"), Math.max(0, allowedMs - (performance.now() - started)));
    }
    waits.onAbort = () => resolve("slow");
    signal?.addEventListener("abort", waits.onAbort);
  });
  try {
    const outcome = await Promise.race([coming, given]);
    if (outcome === "slow") return err("too-slow", "the body came too slowly; send it again over a better line");
    return ok(outcome);
  } catch {
    return err("broken", "the body ended before it was whole");
  } finally {
    clearTimeout(waits.timer);
    if (waits.onAbort !== undefined) signal?.removeEventListener("abort", waits.onAbort);
  }
}

function tooLarge(maxBytes: number): Result<never, BodyFault> {
  return err("too-large", `at most ${maxBytes} bytes are taken here`);
}
