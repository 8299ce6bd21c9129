import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import type { Bytes } from "@detente/basics";
import { syncDirectory, writeFileDurably } from "../setup/files.ts";

/** What a partner may fetch of an edition. */
export const EDITION_FILES = ["tags", "labels", "delta", "new-labels"] as const;
export type EditionFile = (typeof EDITION_FILES)[number];

/** Reads from places in a file. */
export interface PlaceReader {
  readonly readAt: (at: number, length: number) => Promise<Bytes>;
  readonly close: () => Promise<void>;
}

/** Files of sets, each in a directory of its own; all of them say something about what this party knows or asks. */
export class SetFiles {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param name with a directory in it where it is one of several */
  path(set: string, name: string): string {
    return `${this.#dir}/${set}/${name}`;
  }

  /** Durable when it resolves; after a crash the file is the old one or the new one, whole. */
  async write(set: string, name: string, content: Bytes): Promise<void> {
    const path = this.path(set, name);
    await mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    await writeFileDurably(path, content, 0o600);
  }

  /** A file to be filled piece by piece; what was there before is gone. */
  async create(set: string, name: string): Promise<FileHandle> {
    await mkdir(`${this.#dir}/${set}`, { recursive: true, mode: 0o700 });
    return open(this.path(set, name), "w", 0o600);
  }

  /** Lets a synced file take the place of another; durable when it resolves. */
  async adopt(set: string, from: string, to: string): Promise<void> {
    await rename(this.path(set, from), this.path(set, to));
    await syncDirectory(`${this.#dir}/${set}`);
  }

  /** Takes a file over from where it was; durable when it resolves. Some file of the set is here already. */
  async take(from: SetFiles, set: string, name: string): Promise<void> {
    await rename(from.path(set, name), this.path(set, name));
    await syncDirectory(`${this.#dir}/${set}`);
  }

  /** The sets of which there are files. */
  async sets(): Promise<string[]> {
    return (await readdir(this.#dir).catch(absent)) ?? [];
  }

  /** Undefined where there is no such file. */
  async read(set: string, name: string): Promise<Bytes | undefined> {
    try {
      return new Uint8Array(await readFile(this.path(set, name)));
    } catch (error) {
      return absent(error);
    }
  }

  /** So many bytes from a place on. */
  async readAt(set: string, name: string, at: number, length: number): Promise<Bytes> {
    const reader = this.reader(set, name);
    try {
      return await reader.readAt(at, length);
    } finally {
      await reader.close();
    }
  }

  /** For many places in one file. It opens the file when it first reads; to be closed. */
  reader(set: string, name: string): PlaceReader {
    let opening: Promise<FileHandle> | undefined;
    return {
      readAt: async (at, length) => {
        const file = await (opening ??= open(this.path(set, name), "r"));
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, at);
        return bytes.subarray(0, bytesRead);
      },
      close: async () => {
        await (await opening)?.close();
      },
    };
  }

  /** Opened only once somebody reads: an answer whose body nobody takes (to HEAD, say) must leave no file open. */
  async *stream(set: string, name: string): AsyncGenerator<Uint8Array> {
    yield* createReadStream(this.path(set, name)) as AsyncIterable<Uint8Array>;
  }

  async size(set: string, name: string): Promise<number | undefined> {
    try {
      return (await stat(this.path(set, name))).size;
    } catch (error) {
      return absent(error);
    }
  }

  async remove(set: string, name: string): Promise<void> {
    await rm(this.path(set, name), { recursive: true, force: true });
  }

  async forget(set: string): Promise<void> {
    await rm(`${this.#dir}/${set}`, { recursive: true, force: true });
  }
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
}
