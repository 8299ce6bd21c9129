import {
  assert,
  type Bytes,
  concatBytes,
  err,
  type Fault,
  fromBase64,
  ok,
  type Result,
  toBase64,
  utf8,
  utf8Decode,
} from "@detente/basics";
import { parseDecimal } from "./decimal.ts";
import { MAX_ENTRY_SIZE } from "./entry-bundle.ts";
import { HASH_SIZE } from "./hash.ts";
import { TILE_WIDTH } from "./tile.ts";
import { mediaType, textResponse, type WireResponse } from "./wire.ts";
import { MAX_PROOF_LENGTH } from "./witness-message.ts";

/** The first part of an add-entries body (c2sp.org/tlog-mirror). */
export interface UploadHeader {
  readonly origin: string;
  /** Entries [start, end) are to be uploaded; `end` is the size of a pending checkpoint. */
  readonly start: number;
  readonly end: number;
  /** What the mirror handed out earlier; at most 65,535 bytes. */
  readonly ticket: Bytes;
}

/** Entries [start, end) of one bundle, with the proof that the bundle up to there is part of the tree. */
export interface EntryPackage {
  readonly entries: readonly Bytes[];
  /** From the subtree [start of the bundle, end of the package) to the tree of the upload's end; at most 63 hashes. */
  readonly proof: readonly Bytes[];
}

/** Where an upload stands. */
export interface MirrorInfo {
  /** The size of a pending checkpoint that the mirror accepts as the end of an upload. */
  readonly size: number;
  /** The first entry that the mirror lacks. */
  readonly nextEntry: number;
  readonly ticket: Bytes;
}

export type MirrorMessageFault = Fault<"malformed-upload">;

export const MIRROR_INFO_TYPE = "text/x.tlog.mirror-info";

/** Bytes of a mirror-info answer: two sizes and the longest ticket in base64. */
const MAX_MIRROR_INFO = 90_000;

const MAX_TICKET = 0xffff;

/** Reads the header; `packages` are the bytes after it. */
export function parseUploadHeader(body: Bytes): Result<{ header: UploadHeader; packages: Bytes }, MirrorMessageFault> {
  const reader = new ByteReader(body);
  const origin = reader.prefixed();
  const start = reader.u64();
  const end = reader.u64();
  const ticket = reader.prefixed();
  const name = origin && utf8Decode(origin);
  if (name === undefined || start === undefined || end === undefined || ticket === undefined) {
    return err("malformed-upload", "the upload's header is cut short, or a field is out of range");
  }
  if (start > end) return err("malformed-upload", `the upload starts at ${start}, beyond its end ${end}`);
  return ok({ header: { origin: name, start, end, ticket }, packages: reader.rest() });
}

export function formatUpload(header: UploadHeader, packages: readonly EntryPackage[]): Bytes {
  return concatBytes(
    prefixed(utf8(header.origin)),
    u64(header.start),
    u64(header.end),
    prefixed(header.ticket),
    ...packages.flatMap(packageParts),
  );
}

/** Where the packages of an upload begin and end: bundle by bundle, the first and last one cut to the upload. */
export function* packageRanges(start: number, end: number): Generator<{ bundle: number; start: number; end: number }> {
  for (let at = start; at < end;) {
    const bundle = at - (at % TILE_WIDTH);
    const range = { bundle, start: at, end: Math.min(end, bundle + TILE_WIDTH) };
    yield range;
    at = range.end;
  }
}

/** Reads one package after another; `undefined` where the bytes end before it does, or it has more than 63 hashes. */
export class PackageReader {
  readonly #reader: ByteReader;

  constructor(packages: Bytes) {
    this.#reader = new ByteReader(packages);
  }

  next(count: number): EntryPackage | undefined {
    const entries: Bytes[] = [];
    for (let i = 0; i < count; i++) {
      const entry = this.#reader.prefixed();
      if (entry === undefined) return undefined;
      entries.push(entry);
    }
    const hashes = this.#reader.take(1)?.[0];
    if (hashes === undefined || hashes > MAX_PROOF_LENGTH) return undefined;
    const proof: Bytes[] = [];
    for (let i = 0; i < hashes; i++) {
      const hash = this.#reader.take(HASH_SIZE);
      if (hash === undefined) return undefined;
      proof.push(hash);
    }
    return { entries, proof };
  }
}

export function mirrorInfoResponse(status: 202 | 409, info: MirrorInfo): WireResponse {
  return textResponse(status, `${info.size}\n${info.nextEntry}\n${toBase64(info.ticket)}\n`, MIRROR_INFO_TYPE);
}

/** Reads a mirror's answer with status 202 or 409. */
export function parseMirrorInfo(answer: WireResponse): MirrorInfo | undefined {
  if (mediaType(answer) !== MIRROR_INFO_TYPE || answer.body.length > MAX_MIRROR_INFO) return undefined;
  const lines = utf8Decode(answer.body)?.split("\n") ?? [];
  const size = parseDecimal(lines[0] ?? "");
  const nextEntry = parseDecimal(lines[1] ?? "");
  const ticket = fromBase64(lines[2] ?? "-");
  if (lines.length !== 4 || lines[3] !== "" || size === undefined || nextEntry === undefined) return undefined;
  return ticket === undefined || ticket.length > MAX_TICKET ? undefined : { size, nextEntry, ticket };
}

/** Walks bytes; every method gives `undefined` where too few are left. */
class ByteReader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  take(length: number): Bytes | undefined {
    if (length > this.#bytes.length - this.#at) return undefined;
    const start = this.#at;
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** Bytes after their length as u16. */
  prefixed(): Bytes | undefined {
    const length = this.take(2);
    return length && this.take(((length[0] as number) << 8) | (length[1] as number));
  }

  /** `undefined` also where JavaScript could not hold the number exactly. */
  u64(): number | undefined {
    const bytes = this.take(8);
    const value = bytes && new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
    return value === undefined || value > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(value);
  }

  rest(): Bytes {
    return this.#bytes.subarray(this.#at);
  }
}

function packageParts({ entries, proof }: EntryPackage): Bytes[] {
  assert(proof.length <= MAX_PROOF_LENGTH, "a package has at most 63 hashes");
  return [...entries.map(prefixed), Uint8Array.of(proof.length), ...proof];
}

function prefixed(bytes: Bytes): Bytes {
  assert(bytes.length <= MAX_ENTRY_SIZE, "a length of two bytes reaches to 65,535");
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

function u64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
