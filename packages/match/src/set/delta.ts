import { type Bytes, concatBytes, equalBytes, err, type Fault, ok, type Result, utf8 } from "@detente/basics";
import { type BadSet, encodeSet, isCommitted, notCommitted, readSet, type SetCommitment } from "./set-file.ts";
import { TagSet } from "./tag-set.ts";

const MAGIC = utf8("DMD1");
const HEAD_BYTES = MAGIC.length + 8;
const SMALLEST_CLASS = 1024;

export type BadDelta = BadSet | Fault<"bad-delta">;

/**
 * What makes one edition of a set into the next: "DMD1", the lengths of two set files (4 bytes each), the file of the
 * tags that are new, that of those that are gone, and zeros up to the next power of two of at least 1 KiB.
 */
export function encodeDelta(from: TagSet, to: TagSet): Bytes {
  const added = encodeSet(without(to, from)).bytes;
  const removed = encodeSet(without(from, to)).bytes;
  const delta = new Uint8Array(deltaClass(HEAD_BYTES + added.length + removed.length));
  const view = new DataView(delta.buffer);
  delta.set(MAGIC);
  view.setUint32(MAGIC.length, added.length);
  view.setUint32(MAGIC.length + 4, removed.length);
  delta.set(added, HEAD_BYTES);
  delta.set(removed, HEAD_BYTES + added.length);
  return delta;
}

/** Applies a delta to the edition at hand; the result is what the record says of the next one, or a fault. */
export function applyDelta(base: TagSet, bytes: Bytes, next: SetCommitment): Result<TagSet, BadDelta> {
  if (bytes.length < HEAD_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return bad("no delta");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const middle = HEAD_BYTES + view.getUint32(MAGIC.length);
  const end = middle + view.getUint32(MAGIC.length + 4);
  if (end > bytes.length || deltaClass(end) !== bytes.length) return bad("its lengths are not those of its parts");
  if (bytes.subarray(end).some((byte) => byte !== 0)) return bad("something stands where only zeros may");
  const added = readSet(bytes.subarray(HEAD_BYTES, middle));
  if (!added.ok) return added;
  const removed = readSet(bytes.subarray(middle, end));
  if (!removed.ok) return removed;
  const kept = without(base, removed.value.tags);
  if (kept.count + removed.value.count !== base.count)
    return bad("removes what is not there: it is for another edition");
  const tags = TagSet.of(concatBytes(kept.bytes(), added.value.tags.bytes()));
  if (tags.count !== kept.count + added.value.count) return bad("adds what is there: it is for another edition");
  return isCommitted(encodeSet(tags), next) ? ok(tags) : notCommitted();
}

function deltaClass(size: number): number {
  let padded = SMALLEST_CLASS;
  while (padded < size) padded *= 2;
  return padded;
}

/** The tags of one set that another lacks. */
function without(set: TagSet, other: TagSet): TagSet {
  const high = new Uint32Array(set.count);
  const low = new Uint32Array(set.count);
  let [count, j] = [0, 0];
  for (let i = 0; i < set.count; i++) {
    while (j < other.count && isBelow(other, j, set, i)) j++;
    if (j < other.count && other.high[j] === set.high[i] && other.low[j] === set.low[i]) continue;
    high[count] = set.high[i] as number;
    low[count++] = set.low[i] as number;
  }
  return new TagSet(high.subarray(0, count), low.subarray(0, count));
}

function isBelow(a: TagSet, i: number, b: TagSet, j: number): boolean {
  const [first, second] = [a.high[i] as number, b.high[j] as number];
  return first < second || (first === second && (a.low[i] as number) < (b.low[j] as number));
}

function bad(what: string): ReturnType<typeof err<"bad-delta">> {
  return err("bad-delta", `delta: ${what}; fetch the whole set`);
}
