import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { fileTrouble } from "./files.ts";
import { Trouble } from "./trouble.ts";
import { sizeText } from "./ui/text.ts";

/** An input that is read as it comes. */
export interface Input {
  readonly name: string;
  /** Bytes on disk; unknown for standard input. */
  readonly size: number | undefined;
  /**
   * Its bytes, unpacked where it is a gzip file.
   * @param onRead told how many bytes of the file itself were read
   */
  readonly chunks: (onRead?: (bytes: number) => void) => AsyncIterable<Uint8Array>;
}

/** So much may come out of one gzip file: a small file must not keep us busy for ever. */
const MAX_UNPACKED: number = 64 * 2 ** 30;

/** Opens a file, or standard input for `-`. What begins like a gzip file is unpacked, whatever its name. */
export async function openInput(
  path: string,
  stdin: AsyncIterable<Uint8Array>,
  maxUnpacked: number = MAX_UNPACKED,
): Promise<Input> {
  const input = (name: string, size: number | undefined, raw: () => AsyncIterable<Uint8Array>): Input => ({
    name,
    size,
    chunks: (onRead = () => undefined) => unpacked(name, raw(), onRead, maxUnpacked),
  });
  if (path === "-") return input("standard input", undefined, () => stdin);
  try {
    const { size } = await stat(path);
    return input(path, size, () => createReadStream(path, { highWaterMark: 1 << 20 }));
  } catch (error) {
    throw fileTrouble(path, error);
  }
}

async function* unpacked(
  name: string,
  raw: AsyncIterable<Uint8Array>,
  onRead: (bytes: number) => void,
  limit: number,
): AsyncGenerator<Uint8Array> {
  try {
    const source = counted(raw, onRead)[Symbol.asyncIterator]();
    const first = await firstBytes(source);
    const whole = Readable.from(chain(first, source), { objectMode: true });
    if (first[0] === 0x1f && first[1] === 0x8b) yield* gunzip(name, whole, limit);
    else yield* whole as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw error instanceof Trouble ? error : fileTrouble(name, error);
  }
}

async function* gunzip(name: string, packed: Readable, limit: number): AsyncGenerator<Uint8Array> {
  const plain = createGunzip();
  // Its failure is also that of `plain`, where it is heard.
  pipeline(packed, plain).catch(() => undefined);
  let given = 0;
  try {
    for await (const chunk of plain as AsyncIterable<Uint8Array>) {
      given += chunk.length;
      if (given > limit) throw new Trouble(name, `unpacks to more than ${sizeText(limit)}`, "unpack it and split it");
      yield chunk;
    }
  } catch (error) {
    const isDamaged = ((error as NodeJS.ErrnoException).code ?? "").startsWith("Z_");
    throw isDamaged ? new Trouble(name, "is a damaged or cut gzip file", "copy it again") : error;
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

/** At least two bytes, where there are so many: enough to know gzip's magic number (RFC 1952 §2.3.1). */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < 2) {
    const next = await source.next();
    if (next.done === true) break;
    first = first.length === 0 ? next.value : Buffer.concat([first, next.value]);
  }
  return first;
}

async function* chain(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
