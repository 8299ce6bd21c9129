import { ok, type Result } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import { type InputFile, LIMITS } from "../input.ts";
import { joined, NOTHING } from "../pieces.ts";
import { ByteSource } from "./byte-source.ts";

/** A file in an archive, as the archive's directory says. */
export interface ZipMember {
  readonly name: string;
  /** Of the local header. */
  readonly offset: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly crc: number;
  readonly method: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const END_SIZE = 22;
/** The end of a directory with the longest comment, and before it the two records of ZIP64. */
const TAIL = END_SIZE + 0xffff + 20 + 56;
const FULL = 0xffff_ffff;

/**
 * The directory of a ZIP archive (PKWARE APPNOTE 6.3.10, §4.3.12 to §4.3.16), which stands at its end, sorted by where
 * the files stand. Archives over several disks and encrypted ones are refused.
 */
export async function zipDirectory(file: InputFile): Promise<Result<readonly ZipMember[], ReadFault>> {
  let tail: Uint8Array = NOTHING;
  let size = 0;
  for await (const piece of file.open()) {
    size += piece.length;
    tail = joined(tail, piece.slice()).slice(-TAIL);
  }
  const where = endOf(tail, size - tail.length);
  if (where === undefined) return bad(file, "has no directory at its end: it is cut short or no archive");
  const { start, count } = where;
  if (count > LIMITS.entries) return refuse(file.name, 1, "too-many", `has more than ${LIMITS.entries} files`);
  const source = new ByteSource(file.open());
  await source.skipTo(start);
  const members: ZipMember[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const member = await readMember(source);
    if (typeof member === "string") return bad(file, member);
    members.push(member);
    total += member.unpacked;
  }
  await source.close();
  if (total > LIMITS.unpacked)
    return refuse(file.name, 1, "too-large", `unpacks to more than ${LIMITS.unpacked} bytes`);
  members.sort((a, b) => a.offset - b.offset);
  // Two names for the same bytes, or bytes inside others, are how small archives unpack to huge ones.
  for (const [i, { offset, packed, name }] of members.entries()) {
    const next = members[i + 1]?.offset ?? start;
    if (offset + 30 + new TextEncoder().encode(name).length + packed > next) return bad(file, "has files that overlap");
  }
  return ok(members);
}

function endOf(tail: Uint8Array, base: number): { readonly start: number; readonly count: number } | undefined {
  const view = viewOf(tail);
  for (let at = tail.length - END_SIZE; at >= 0; at--) {
    if (view.getUint32(at, true) !== END || at + END_SIZE + view.getUint16(at + 20, true) !== tail.length) continue;
    const count = view.getUint16(at + 10, true);
    const start = view.getUint32(at + 16, true);
    if (view.getUint16(at + 4, true) !== 0 && view.getUint16(at + 4, true) !== 0xffff) return undefined;
    if (count !== 0xffff && start !== FULL) return { start, count };
    if (at < 20 || view.getUint32(at - 20, true) !== LOCATOR_64) return { start, count };
    const record = Number(view.getBigUint64(at - 12, true)) - base;
    if (record < 0 || record + 56 > tail.length || view.getUint32(record, true) !== END_64) return undefined;
    return {
      count: Number(view.getBigUint64(record + 32, true)),
      start: Number(view.getBigUint64(record + 48, true)),
    };
  }
  return undefined;
}

async function readMember(source: ByteSource): Promise<ZipMember | string> {
  const head = await source.read(46);
  if (head.length < 46 || viewOf(head).getUint32(0, true) !== CENTRAL) return "has a directory that is damaged";
  const view = viewOf(head);
  const [nameSize, extraSize, commentSize] = [28, 30, 32].map((at) => view.getUint16(at, true)) as [
    number,
    number,
    number,
  ];
  const more = await source.read(nameSize + extraSize + commentSize);
  if (more.length < nameSize + extraSize + commentSize) return "has a directory that is cut short";
  if ((view.getUint16(8, true) & 1) === 1) return "has encrypted files; give it unencrypted";
  const [unpacked, packed, offset] = wide(more.subarray(nameSize, nameSize + extraSize), [
    view.getUint32(24, true),
    view.getUint32(20, true),
    view.getUint32(42, true),
  ]);
  const name = new TextDecoder().decode(more.subarray(0, nameSize));
  return { name, offset, packed, unpacked, crc: view.getUint32(16, true), method: view.getUint16(10, true) };
}

/** Sizes and offset that do not fit into 32 bits stand in the extra field of ZIP64, those and no others (§4.5.3). */
function wide(extra: Uint8Array, narrow: readonly [number, number, number]): [number, number, number] {
  const view = viewOf(extra);
  const values: [number, number, number] = [...narrow];
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    for (const [i, value] of narrow.entries()) {
      if (value !== FULL || next + 8 > extra.length) continue;
      values[i] = Number(view.getBigUint64(next, true));
      next += 8;
    }
  }
  return values;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function bad(file: InputFile, what: string): Result<never, ReadFault> {
  return refuse(file.name, 1, "bad-zip", `the archive ${what}`);
}
