import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { InputFile } from "@detente/rla";
import { unreadable } from "@detente/telemetry/faults";
import { sizeText } from "@detente/telemetry/size-text";
import { Trouble, troubleAt } from "./trouble.ts";

/** A failed file operation in plain words. */
function fileTrouble(path: string, error: unknown): Trouble {
  return troubleAt(path, unreadable(path, error).fault);
}

/** Reads a whole file of at most `limit` bytes. */
export async function readWhole(path: string, limit: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > limit) throw new Trouble(path, `has ${sizeText(size)}, at most ${sizeText(limit)} may be`, "split it");
    return await readFile(path);
  } catch (error) {
    throw error instanceof Trouble ? error : fileTrouble(path, error);
  }
}

/** A file as it stood when it was read. */
export interface NamedFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Reads whole files of at most `limit` bytes, one after another. */
export async function* readEach(paths: readonly string[], limit: number): AsyncGenerator<NamedFile> {
  for (const path of paths) yield { path, content: await readWhole(path, limit) };
}

/** A file that a reader opens as often as it needs. @param seen is told of bytes as they are read */
export function inputFile(path: string, seen: (bytes: number) => void): InputFile {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 })) {
        const bytes = piece as Uint8Array;
        seen(bytes.length);
        yield bytes;
      }
    } catch (error) {
      throw error instanceof Trouble ? error : fileTrouble(path, error);
    }
  }
  return { name: path, open: pieces };
}

/** Writes a new file whole or not at all, and never over one that is there. */
export async function writeNew(
  path: string,
  content: Uint8Array | AsyncIterable<string>,
  packed = false,
): Promise<void> {
  if (await exists(path)) throw new Trouble(path, "exists", "choose another name or remove it");
  const temporary = `${path}.${process.pid}.part`;
  try {
    const source = Readable.from(content instanceof Uint8Array ? [content] : content, { objectMode: true });
    const sink = createWriteStream(temporary, { flush: true });
    await (packed ? pipeline(source, createGzip(), sink) : pipeline(source, sink));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error instanceof Trouble ? error : fileTrouble(path, error);
  }
}

/** Makes a directory, and those above it, unless it is there. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileTrouble(path, error);
  }
}

/** Replaces a file, or makes it: whoever reads it, also after a crash, sees the old content or the new, whole. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeSynced(temporary, text);
    await rename(temporary, path);
    const directory = await open(dirname(path), "r");
    await directory.sync();
    await directory.close();
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileTrouble(path, error);
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
