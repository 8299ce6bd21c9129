import { type FileHandle, open } from "node:fs/promises";
import { err } from "@detente/basics";
import type { InputFault } from "../faults.ts";
import { READ_BYTES } from "../inputs/input.ts";
import { MAGIC_BYTES, needsUnpacking, packedOtherwise } from "../unpack/packing.ts";
import { unpacked } from "../unpack/unpacked.ts";
import type { Content } from "./content.ts";
import { PackedContent } from "./packed-content.ts";
import { holds, PlainContent, readAt, trackerAt } from "./plain-content.ts";
import { equalFingerprints, type Fingerprint } from "./tracker.ts";

/** How a file stands on disk; times and inodes go beyond what a number can hold. */
export interface FileStatus {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** A log that is open: it stays at hand whatever happens to its name. */
export class LogFile {
  readonly path: string;
  /** Or UTF-16: what it holds has to be read from its beginning on. */
  readonly isPacked: boolean;
  readonly #handle: FileHandle;
  readonly #maxUnpacked: number;
  /** What is known to be wrong with it from its first bytes. */
  readonly #fault: InputFault | undefined;

  private constructor(path: string, handle: FileHandle, first: Uint8Array, maxUnpacked: number) {
    this.path = path;
    this.#handle = handle;
    this.isPacked = needsUnpacking(first);
    this.#maxUnpacked = maxUnpacked;
    const packed = packedOtherwise(first);
    this.#fault = packed === undefined ? undefined : err("packed", `${path}: ${packed}`).fault;
  }

  /** Throws as the file system does. */
  static async open(path: string, maxUnpacked: number): Promise<LogFile> {
    const handle = await open(path, "r");
    try {
      return new LogFile(path, handle, await readAt(handle, 0, MAGIC_BYTES), maxUnpacked);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  status(): Promise<FileStatus> {
    return this.#handle.stat({ bigint: true });
  }

  /** Its content behind what was read of it; `undefined` where it holds something else. */
  async after(read: Fingerprint | undefined): Promise<Content | undefined> {
    if (read === undefined) return this.from(0);
    if (!this.isPacked) {
      const tracker = await holds(this.#handle, read);
      return tracker && new PlainContent(this.#handle, tracker, await this.#writtenBy(), this.#fault);
    }
    const content = await this.#unpack();
    const isSame = (await content.skipTo(read.offset)) && equalFingerprints(content.tracker.fingerprint(), read);
    if (isSame) return content;
    await content.close();
    return undefined;
  }

  /** Its content from a place on that was the end of a segment; `undefined` where it does not reach so far. */
  async from(offset: number): Promise<Content | undefined> {
    if (!this.isPacked) {
      const tracker = await trackerAt(this.#handle, offset);
      return tracker && new PlainContent(this.#handle, tracker, await this.#writtenBy(), this.#fault);
    }
    const content = await this.#unpack();
    if (await content.skipTo(offset)) return content;
    await content.close();
    return undefined;
  }

  /** Its first bytes, unpacked: `length` of them where there are so many. */
  async first(length: number): Promise<Uint8Array> {
    if (!this.isPacked) return readAt(this.#handle, 0, length);
    const content = await this.#unpack();
    let bytes: Uint8Array = new Uint8Array(0);
    for await (const chunk of (await content.segment(length)) ?? []) {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length >= length) break;
    }
    await content.close();
    return bytes.subarray(0, length);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #writtenBy(): Promise<number> {
    return Number((await this.status()).mtimeNs / 1_000_000n);
  }

  async #unpack(): Promise<PackedContent> {
    let fault: InputFault | undefined;
    const options = {
      name: this.path,
      maxUnpacked: this.#maxUnpacked,
      onFault: (found: InputFault) => void (fault = found),
    };
    return new PackedContent(unpacked(this.#bytes(), options), await this.#writtenBy(), () => fault);
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    for (let at = 0; ;) {
      const chunk = await readAt(this.#handle, at, at + READ_BYTES);
      if (chunk.length === 0) return;
      yield chunk;
      at += chunk.length;
    }
  }
}
