import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { err, ok, type Result } from "@detente/basics";
import { type InputFault, unreadable } from "../faults.ts";
import { MAX_UNPACKED } from "../limits.ts";
import type { LogSource } from "../log-source.ts";
import { MAGIC_BYTES, needsUnpacking, packedOtherwise } from "../unpack/packing.ts";
import { unpacked } from "../unpack/unpacked.ts";

/** Bytes read at once. */
export const READ_BYTES: number = 1 << 20;

/** An input that is read as it comes. */
export interface Input {
  readonly name: string;
  /** Bytes on disk; unknown for what is no regular file. */
  readonly size: number | undefined;
  /** When it was last written to, milliseconds since the epoch; unknown likewise. */
  readonly writtenBy: number | undefined;
  /**
   * Its bytes, unpacked where it is packed, whatever its name. Never throws: see `fault`.
   * @param onRead told how many bytes of the file itself were read
   */
  chunks(onRead?: (bytes: number) => void): AsyncIterable<Uint8Array>;
  /** The same as a part of a file where the file itself holds these bytes, so that it can be read in parallel. */
  source(onRead?: (bytes: number) => void): LogSource;
  /** Once all was read: why it was not all that should have been there. */
  fault(): InputFault | undefined;
}

/**
 * Opens a file, or standard input for `-`.
 * @param maxUnpacked bytes that may come out of a packed input
 */
export async function openInput(
  path: string,
  stdin: AsyncIterable<Uint8Array>,
  maxUnpacked: number = MAX_UNPACKED,
): Promise<Result<Input, InputFault>> {
  if (path === "-") return ok(inputOf("standard input", undefined, () => stdin, maxUnpacked));
  try {
    const stats = await stat(path);
    // A directory can be opened and fails only when it is read.
    if (stats.isDirectory()) return unreadable(path, { code: "EISDIR" });
    const raw = (): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: READ_BYTES });
    const first = stats.isFile() ? await firstBytesOf(path) : new Uint8Array(0);
    const isPlain = stats.isFile() && !needsUnpacking(first);
    const packed = packedOtherwise(first);
    const fault = packed === undefined ? undefined : err("packed", `${path}: ${packed}`).fault;
    return ok(inputOf(path, stats.isFile() ? stats : undefined, raw, maxUnpacked, isPlain, fault));
  } catch (error) {
    return unreadable(path, error);
  }
}

function inputOf(
  name: string,
  stats: { readonly size: number; readonly mtimeMs: number } | undefined,
  raw: () => AsyncIterable<Uint8Array>,
  maxUnpacked: number,
  isPlain = false,
  known?: InputFault,
): Input {
  let fault = known;
  const onFault = (found: InputFault): void => void (fault = found);
  const chunks: Input["chunks"] = (onRead = () => undefined) =>
    unpacked(counted(raw(), onRead), { name, maxUnpacked, onFault });
  return {
    name,
    size: stats?.size,
    writtenBy: stats?.mtimeMs,
    chunks,
    source: (onRead) => (isPlain ? { path: name } : chunks(onRead)),
    fault: () => fault,
  };
}

async function firstBytesOf(path: string): Promise<Uint8Array> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}
