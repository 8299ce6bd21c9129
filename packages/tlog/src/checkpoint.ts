import { assert, type Bytes, err, type Fault, ok, type Result, toBase64 } from "@detente/basics";
import { parseDecimal } from "./decimal.ts";
import { parseHashLine } from "./hash-line.ts";

/** What a log says of its tree at one size (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** The log's identity: the first line. */
  readonly origin: string;
  /** The number of entries, at most 2^53 - 1. */
  readonly size: number;
  /** The RFC 6962 root hash at that size: 32 bytes. */
  readonly root: Bytes;
  /** Further lines, none empty. No one audits them; ours has none. */
  readonly extensions: readonly string[];
}

export type CheckpointFault = Fault<"bad-checkpoint">;

/**
 * Reads the text of a checkpoint note, its final newline included.
 * The empty tree's root is not checked here: that is for a witness to judge.
 */
export function parseCheckpoint(text: string): Result<Checkpoint, CheckpointFault> {
  if (!text.endsWith("\n")) return err("bad-checkpoint", "the checkpoint does not end in a newline");
  const [origin, sizeLine, rootLine, ...extensions] = text.slice(0, -1).split("\n");
  if (origin === undefined || origin === "")
    return err("bad-checkpoint", "line 1 of the checkpoint, the origin, is empty");
  const size = parseDecimal(sizeLine ?? "");
  if (size === undefined) {
    return err("bad-checkpoint", "line 2 of the checkpoint is not a decimal size of at most 2^53 - 1");
  }
  const root = parseHashLine(rootLine ?? "");
  if (root === undefined) return err("bad-checkpoint", "line 3 of the checkpoint is not the base64 of 32 bytes");
  const empty = extensions.indexOf("");
  if (empty >= 0) return err("bad-checkpoint", `line ${empty + 4} of the checkpoint, an extension line, is empty`);
  return ok({ origin, size, root, extensions });
}

/** The text of a checkpoint note, ready to be signed. Throws on a checkpoint that could not be read back. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const lines = [checkpoint.origin, String(checkpoint.size), toBase64(checkpoint.root), ...checkpoint.extensions];
  const text = `${lines.join("\n")}\n`;
  assert(parseCheckpoint(text).ok && lines.every((line) => !line.includes("\n")), "a checkpoint must be well formed");
  return text;
}
