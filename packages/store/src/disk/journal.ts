import { basename, join } from "node:path";
import { assert, type Bytes, concatBytes, ok, type Result } from "@detente/basics";
import { corrupt, type CorruptFault } from "../faults.ts";
import type { LogHead } from "../ports.ts";
import { type FileSystem, type OpenFile, placeFile } from "./file-system.ts";
import { encodeBatch, type Frame, scanFrames } from "./frames.ts";

const FORMAT = 1;
const START = 1;
const ENTRY = 2;
const HEAD = 3;
const DISCARD = 4;
const START_BYTES = 17;
const ROOT_BYTES = 32;
const NAME = /^journal-(\d{1,16})\.log$/;

/** What a journal says, in order. `discard` drops the entries staged beyond the last head. */
export type JournalRecord =
  | { readonly is: "entry"; readonly entry: Bytes }
  | { readonly is: "head"; readonly head: LogHead }
  | { readonly is: "discard" };

/**
 * The append-only file behind a log. It begins with a snapshot (the entries from `first` on that are in no
 * published bundle, and the last head), which was synced before the file got its name; behind it come the batches.
 */
export class Journal {
  readonly path: string;
  /** Index in the log of the first entry in this file. */
  readonly first: number;
  readonly #file: OpenFile;
  #length: number;
  readonly #snapshotLength: number;

  private constructor(path: string, first: number, file: OpenFile, snapshotLength: number, length: number) {
    this.path = path;
    this.first = first;
    this.#file = file;
    this.#snapshotLength = snapshotLength;
    this.#length = length;
  }

  /** Bytes written since the snapshot. */
  get growth(): number {
    return this.#length - this.#snapshotLength;
  }

  /** The journals of a directory, by the first entry they hold. */
  static async list(fs: FileSystem, directory: string): Promise<{ path: string; first: number }[]> {
    return (await fs.list(directory))
      .flatMap((name) => {
        const match = NAME.exec(name);
        return match === null ? [] : [{ path: join(directory, name), first: Number(match[1]) }];
      })
      .sort((a, b) => a.first - b.first);
  }

  /** Writes a new journal and gives it its name, in place of one of the same name; durable when it resolves. */
  static async create(
    fs: FileSystem,
    directory: string,
    first: number,
    snapshot: readonly JournalRecord[],
  ): Promise<Journal> {
    const frames = snapshot.map(toFrame);
    // The start frame has a fixed length, so the snapshot's length is known before it is written.
    const length = encodeBatch([startFrame(first, 0), ...frames]).length;
    const path = join(directory, `journal-${first}.log`);
    await placeFile(fs, `${path}.tmp`, path, encodeBatch([startFrame(first, length), ...frames]));
    await fs.syncDirectory(directory);
    return new Journal(path, first, await fs.open(path, "existing"), length, length);
  }

  /**
   * Reads a journal. Syncs it first: what an earlier process wrote but did not live to sync is visible, and
   * nobody may build on it before it is durable. A torn tail is cut.
   */
  static async open(
    fs: FileSystem,
    path: string,
    first: number,
  ): Promise<Result<{ journal: Journal; records: JournalRecord[] }, CorruptFault>> {
    const file = await fs.open(path, "existing");
    let keep = false;
    try {
      await file.datasync();
      const bytes = await fs.readFile(path);
      const { frames, end, damaged } = scanFrames(bytes);
      const start = parseStart(frames[0]);
      if (start === undefined || start.first !== first)
        return corrupt(path, "does not begin as a journal of this version");
      if (damaged || end < start.snapshotLength) {
        return corrupt(
          path,
          `damaged at byte ${end}, though it had been durable; set this log aside and refetch it from its mirrors`,
        );
      }
      const records: JournalRecord[] = [];
      for (let i = 1; i < frames.length; i++) {
        const frame = frames[i] as (typeof frames)[number];
        const record = toRecord(frame);
        if (record === undefined)
          return corrupt(path, `unknown record at byte ${frame.offset}; was a newer version run here?`);
        records.push(record);
      }
      if (end < bytes.length) {
        await file.truncate(end);
        await file.datasync();
      }
      keep = true;
      return ok({ journal: new Journal(path, first, file, start.snapshotLength, end), records });
    } finally {
      if (!keep) await file.close();
    }
  }

  /** One write and one fdatasync. The caller lets no two appends overlap, and none follow one that failed. */
  async append(records: readonly JournalRecord[]): Promise<void> {
    const batch = encodeBatch(records.map(toFrame));
    await this.#file.write(batch, this.#length);
    await this.#file.datasync();
    this.#length += batch.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Leftovers of a rotation or of a placed file that was interrupted. */
export function isTemporary(path: string): boolean {
  return basename(path).endsWith(".tmp");
}

function startFrame(first: number, snapshotLength: number): Frame {
  const payload = Buffer.alloc(START_BYTES);
  payload.writeUInt8(FORMAT, 0);
  payload.writeBigUInt64BE(BigInt(first), 1);
  payload.writeBigUInt64BE(BigInt(snapshotLength), 9);
  return { kind: START, payload };
}

function parseStart(frame: Frame | undefined): { first: number; snapshotLength: number } | undefined {
  if (frame?.kind !== START || frame.payload.length !== START_BYTES || frame.payload[0] !== FORMAT) return undefined;
  const payload = buffer(frame.payload);
  return { first: Number(payload.readBigUInt64BE(1)), snapshotLength: Number(payload.readBigUInt64BE(9)) };
}

function toFrame(record: JournalRecord): Frame {
  switch (record.is) {
    case "entry":
      return { kind: ENTRY, payload: record.entry };
    case "head": {
      assert(record.head.root.length === ROOT_BYTES, "a root has 32 bytes");
      const size = Buffer.alloc(8);
      size.writeBigUInt64BE(BigInt(record.head.size));
      return { kind: HEAD, payload: concatBytes(size, record.head.root, record.head.note) };
    }
    case "discard":
      return { kind: DISCARD, payload: new Uint8Array(0) };
  }
}

function toRecord({ kind, payload }: Frame): JournalRecord | undefined {
  if (kind === ENTRY) return { is: "entry", entry: payload };
  if (kind === DISCARD) return { is: "discard" };
  if (kind !== HEAD || payload.length < 8 + ROOT_BYTES) return undefined;
  const size = Number(buffer(payload).readBigUInt64BE(0));
  // Copies: a head outlives the journal's bytes, which are dropped once its entries are published.
  const root = new Uint8Array(payload.subarray(8, 8 + ROOT_BYTES));
  return { is: "head", head: { size, root, note: new Uint8Array(payload.subarray(8 + ROOT_BYTES)) } };
}

function buffer(bytes: Bytes): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
