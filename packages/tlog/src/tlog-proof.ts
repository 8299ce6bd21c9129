import {
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
import { formatHashLines, parseHashLines } from "./hash-line.ts";
import { verifyInclusion } from "./inclusion.ts";
import { MAX_NOTE_LENGTH } from "./note.ts";
import type { Policy } from "./policy.ts";
import { checkPolicy, type PolicyCheckFault } from "./policy-check.ts";
import type { ProofFault } from "./proof-fault.ts";
import type { VerifiedCheckpoint } from "./signed-checkpoint.ts";

/** That an entry is in a log, to be verified offline (c2sp.org/tlog-proof). Files end in `.tlog-proof`. */
export interface TlogProof {
  /** No signature covers it: whoever hands on the proof can change it. */
  readonly extra: Bytes | undefined;
  readonly index: number;
  /** RFC 6962 inclusion proof, the leaf's sibling first. */
  readonly hashes: readonly Bytes[];
  /** The checkpoint note as the log and its cosigners signed it. */
  readonly note: Bytes;
}

export type TlogProofFault = Fault<"malformed-proof">;

const HEADER = "c2sp.org/tlog-proof@v1";

/** Bytes of all lines before the checkpoint: mostly for `extra`. */
const MAX_HEAD = 1 << 20;

/** A tree of 2^53 - 1 leaves has 53 levels above them. */
const MAX_HASHES = 63;

/** Reads a proof; the checkpoint in it is read only when it is verified. */
export function parseTlogProof(bytes: Bytes): Result<TlogProof, TlogProofFault> {
  if (bytes.length > MAX_HEAD + MAX_NOTE_LENGTH) return malformed("it is too long");
  const text = utf8Decode(bytes);
  const end = text === undefined ? -1 : text.indexOf("\n\n");
  if (text === undefined || end < 0 || end > MAX_HEAD)
    return malformed("not UTF-8, or no empty line before the checkpoint");
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== HEADER) return malformed(`line 1 is not ${HEADER}`);
  let extra: Bytes | undefined;
  if (lines[0]?.startsWith("extra ")) {
    extra = fromBase64(lines[0].slice("extra ".length));
    if (extra === undefined) return malformed("the extra data is not base64");
    lines.shift();
  }
  const indexLine = lines.shift() ?? "";
  const index = indexLine.startsWith("index ") ? parseDecimal(indexLine.slice("index ".length)) : undefined;
  if (index === undefined) return malformed('the line before the hashes does not read "index <number>"');
  const hashes = lines.length > MAX_HASHES ? undefined : parseHashLines(lines);
  if (hashes === undefined)
    return malformed(`a hash line is not the base64 of 32 bytes, or there are more than ${MAX_HASHES}`);
  return ok({ extra, index, hashes, note: utf8(text.slice(end + 2)) });
}

export function formatTlogProof({ extra, index, hashes, note }: TlogProof): Bytes {
  const extraLine = extra === undefined ? "" : `extra ${toBase64(extra)}\n`;
  return concatBytes(utf8(`${HEADER}\n${extraLine}index ${index}\n${formatHashLines(hashes)}\n`), note);
}

/**
 * Verifies that the entry with this leaf hash is in a log that the policy trusts, under a checkpoint that satisfies
 * the policy. Gives that checkpoint.
 */
export function verifyTlogProof(
  proof: TlogProof,
  leafHash: Bytes,
  policy: Policy,
): Result<VerifiedCheckpoint, PolicyCheckFault | ProofFault> {
  const checked = checkPolicy(proof.note, policy);
  if (!checked.ok) return checked;
  const { size, root } = checked.value.checkpoint;
  const included = verifyInclusion(proof.index, size, leafHash, proof.hashes, root);
  return included.ok ? checked : included;
}

function malformed(what: string): ReturnType<typeof err<"malformed-proof">> {
  return err("malformed-proof", `not a tlog-proof: ${what}`);
}
