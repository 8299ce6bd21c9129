import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { Pace } from "@detente/store";

export interface BodyLimits {
  readonly maxBytes: number;
  /** A sender must keep `bytesPerSecond` on average, after a start of `graceMs`; without it the signal alone ends a wait. */
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

type Stream = ReadableStream<Bytes> | null;

/** Reads a whole body into memory under limits. At a fault the stream is cancelled and nothing is kept. */
export async function readBody(stream: Stream, limits: BodyLimits): Promise<Result<Bytes, BodyFault>> {
  const chunks: Bytes[] = [];
  const read = await pumpBody(stream, limits, (chunk) => void chunks.push(chunk));
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
export async function readRequestBody(request: Request, limits: BodyLimits): Promise<Result<Bytes, BodyFault>> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limits.maxBytes) {
    request.body?.cancel().catch(() => undefined);
    return tooLarge(limits.maxBytes);
  }
  return readBody(request.body, limits);
}

/**
 * Hands a body on chunk by chunk under limits, waiting for each to be taken: for what is too large for memory.
 * @returns how many bytes there were. Whatever the sink throws is thrown
 */
export async function pumpBody(
  stream: Stream,
  limits: BodyLimits,
  sink: (chunk: Bytes) => void | Promise<void>,
): Promise<Result<number, BodyFault>> {
  if (stream === null) return ok(0);
  const reader = stream.getReader();
  const started = performance.now();
  const turns = new Pace();
  let received = 0;
  let whole = false;
  try {
    for (;;) {
      const next = await nextChunk(reader, limits, received, performance.now() - started);
      if (!next.ok) return next;
      if (next.value === undefined) {
        whole = true;
        return ok(received);
      }
      received += next.value.length;
      if (received > limits.maxBytes) return tooLarge(limits.maxBytes);
      await sink(next.value);
      // What has come already is read without waiting.
      if (turns.isOver) await turns.rest();
    }
  } finally {
    if (!whole) reader.cancel().catch(() => undefined);
  }
}

/** The next chunk, `undefined` at the end. */
async function nextChunk(
  reader: ReadableStreamDefaultReader<Bytes>,
  { pace, signal }: BodyLimits,
  received: number,
  elapsedMs: number,
): Promise<Result<Bytes | undefined, BodyFault>> {
  if (signal?.aborted) return err("too-slow", "the time for this body is over");
  const waits: { timer?: NodeJS.Timeout; onAbort?: () => void } = {};
  const given = new Promise<"slow">((resolve) => {
    if (pace !== undefined) {
      const allowedMs = pace.graceMs + (received / pace.bytesPerSecond) * 1000;
      waits.timer = setTimeout(() => resolve("slow"), Math.max(0, allowedMs - elapsedMs));
    }
    waits.onAbort = () => resolve("slow");
    signal?.addEventListener("abort", waits.onAbort);
  });
  try {
    const outcome = await Promise.race([reader.read(), given]);
    if (outcome === "slow") return err("too-slow", "the body came too slowly; send it again over a better line");
    return ok(outcome.value);
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
