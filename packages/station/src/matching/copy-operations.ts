import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import {
  applyDelta,
  type BadDelta,
  type BadSet,
  decodeSet,
  encodeSet,
  type Group,
  readSet,
  type SetCommitment,
  TAG_BYTES,
  TagSet,
} from "@detente/match";
import { PieceReader } from "./piece-reader.ts";

/** The halves of a `TagSet`. */
export interface Tags {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Bytes of labels that are put together before they are written. */
const PIECE = 1 << 20;

/**
 * What threads do with a partner's files: these may be gigabytes, so they stay on the disk, and the thread that serves
 * everybody holds none of them.
 */
export const COPY_OPERATIONS = {
  /** Reads a set file against what the record says of it. */
  decodeFile(_: Group, { path, committed }: { readonly path: string; readonly committed: SetCommitment }) {
    const tags = decodeSet(new Uint8Array(readFileSync(path)), committed);
    return (tags.ok ? ok({ high: tags.value.high, low: tags.value.low }) : tags) as Result<Tags, BadSet>;
  },

  /** Reads a set file whatever it is, and says by its root which one. */
  readFile(_: Group, { path }: { readonly path: string }): Result<Tags & { readonly root: Bytes }, BadSet> {
    const file = readSet(new Uint8Array(readFileSync(path)));
    if (!file.ok) return file;
    const { tags, root } = file.value;
    return ok({ high: tags.high, low: tags.low, root });
  },

  /**
   * Makes the next edition of `labels` in a directory, the tags before, and what was fetched of the difference
   * (`delta.part`, `new-labels.part`): leaves it in `tags.part` and `labels.part`, durable.
   * @param order.digest of all labels as the record has it, in hex
   */
  applyStep(
    _: Group,
    order: {
      readonly dir: string;
      readonly before: Tags;
      readonly labelBytes: number;
      readonly committed: SetCommitment;
      readonly digest: string;
    },
  ): Result<Tags, BadDelta | Fault<"wrong-labels">> {
    const { dir, before, labelBytes, committed, digest } = order;
    const old = new TagSet(before.high, before.low);
    const tags = applyDelta(old, new Uint8Array(readFileSync(`${dir}/delta.part`)), committed);
    if (!tags.ok) return tags;
    if (mergeLabels(dir, old, tags.value, labelBytes) !== digest)
      return err("wrong-labels", "labels: what came and went does not make those on the record; fetch them all");
    writeFileSync(`${dir}/tags.part`, encodeSet(tags.value).bytes, { mode: 0o600, flush: true });
    return ok({ high: tags.value.high, low: tags.value.low });
  },
};

/** Of tags that were there the label of before, of all others the next new one. @returns their digest, in hex */
function mergeLabels(dir: string, old: TagSet, next: TagSet, labelBytes: number): string {
  const kept = new PieceReader(`${dir}/labels`, PIECE);
  const added = new PieceReader(`${dir}/new-labels.part`, PIECE);
  const file = openSync(`${dir}/labels.part`, "w", 0o600);
  try {
    const digest = createHash("sha256");
    const piece = new Uint8Array(labelBytes * Math.max(1, Math.floor(PIECE / labelBytes)));
    let filled = 0;
    const flush = (): void => {
      const part = piece.subarray(0, filled);
      digest.update(part);
      for (let written = 0; written < part.length;) written += writeSync(file, part, written);
      filled = 0;
    };
    const packed = next.bytes();
    let place = 0;
    for (let i = 0; i < next.count; i++) {
      const was = old.find(packed.subarray(TAG_BYTES * i, TAG_BYTES * (i + 1)));
      let label: Bytes;
      if (was === -1) label = added.next(labelBytes);
      else {
        kept.skip(labelBytes * (was - place));
        label = kept.next(labelBytes);
        place = was + 1;
      }
      piece.set(label, filled);
      filled += labelBytes;
      if (filled === piece.length) flush();
    }
    flush();
    fsyncSync(file);
    return digest.digest("hex");
  } finally {
    closeSync(file);
    kept.close();
    added.close();
  }
}
