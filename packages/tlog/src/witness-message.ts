import { type Bytes, concatBytes, err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import { parseDecimal } from "./decimal.ts";
import { formatHashLines, parseHashLine, parseHashLines } from "./hash-line.ts";
import { MAX_NOTE_LENGTH } from "./note.ts";

/** What a log asks of a witness: "you know me at `oldSize`; here is the proof up to this checkpoint". */
export interface AddCheckpointRequest {
  readonly oldSize: number;
  /** RFC 6962 consistency proof, at most 63 hashes. */
  readonly proof: readonly Bytes[];
  /** The checkpoint note's bytes, not parsed yet. */
  readonly note: Bytes;
}

/** What a log asks of a witness that signs subtrees. */
export interface SignSubtreeRequest {
  readonly start: number;
  readonly end: number;
  readonly hash: Bytes;
  /** Subtree consistency proof, at most 63 hashes. */
  readonly proof: readonly Bytes[];
  /** A checkpoint note that the witness has cosigned, not parsed yet. */
  readonly note: Bytes;
}

export type WitnessMessageFault = Fault<"malformed-request">;

export const MAX_PROOF_LENGTH = 63;

/** Subtree cosignatures that a request to sign a subtree may show of itself. */
const MAX_SHOWN = 8;

/** Bytes: the longest first lines, a full proof, and the longest note. */
export const MAX_WITNESS_REQUEST: number = MAX_NOTE_LENGTH + 4096;

/** Reads the body of add-checkpoint (c2sp.org/tlog-witness). */
export function parseAddCheckpoint(body: Bytes): Result<AddCheckpointRequest, WitnessMessageFault> {
  const parts = splitRequest(body);
  if (parts === undefined) return malformed("no empty line before the checkpoint, not UTF-8, or too long");
  const [first = "", ...lines] = parts.lines;
  const oldSize = first.startsWith("old ") ? parseDecimal(first.slice(4)) : undefined;
  if (oldSize === undefined) return malformed('line 1 does not read "old <size>"');
  const proof = parseProof(lines);
  return proof === undefined ? malformed(PROOF_FLAW) : ok({ oldSize, proof, note: parts.note });
}

export function formatAddCheckpoint(request: AddCheckpointRequest): Bytes {
  return concatBytes(utf8(`old ${request.oldSize}\n${formatHashLines(request.proof)}\n`), request.note);
}

/**
 * Reads the body of sign-subtree (c2sp.org/tlog-witness). Cosignatures of the subtree by others, which a witness may
 * ask for against floods, are passed over: no keys for them are known here.
 */
export function parseSignSubtree(body: Bytes): Result<SignSubtreeRequest, WitnessMessageFault> {
  const parts = splitRequest(body);
  if (parts === undefined) return malformed("no empty line before the checkpoint, not UTF-8, or too long");
  const [first = "", second = "", ...further] = parts.lines;
  const shown = further.findIndex((line) => !line.startsWith("\u2014 "));
  const lines = shown < 0 ? [] : further.slice(shown);
  if (further.length - lines.length > MAX_SHOWN) return malformed(`more than ${MAX_SHOWN} subtree cosignatures`);
  const [word, startText = "", endText = "", ...rest] = first.split(" ", 4);
  const start = parseDecimal(startText);
  const end = parseDecimal(endText);
  if (word !== "subtree" || start === undefined || end === undefined || rest.length > 0) {
    return malformed('line 1 does not read "subtree <start> <end>"');
  }
  const hash = parseHashLine(second);
  if (hash === undefined) return malformed("line 2 is not the base64 of 32 bytes");
  const proof = parseProof(lines);
  return proof === undefined ? malformed(PROOF_FLAW) : ok({ start, end, hash, proof, note: parts.note });
}

export function formatSignSubtree(request: SignSubtreeRequest): Bytes {
  const { start, end, hash, proof, note } = request;
  return concatBytes(utf8(`subtree ${start} ${end}\n${formatHashLines([hash, ...proof])}\n`), note);
}

const PROOF_FLAW = `the proof has a line that is not the base64 of 32 bytes, or more than ${MAX_PROOF_LENGTH} lines`;

/** Parts the lines before the first empty line from the note after it. */
function splitRequest(body: Bytes): { lines: string[]; note: Bytes } | undefined {
  if (body.length > MAX_WITNESS_REQUEST) return undefined;
  const end = endOfHeader(body);
  const header = end === undefined ? undefined : utf8Decode(body.subarray(0, end));
  return end === undefined || header === undefined
    ? undefined
    : { lines: header.split("\n"), note: body.subarray(end + 2) };
}

function endOfHeader(body: Bytes): number | undefined {
  for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) if (body[at + 1] === 0x0a) return at;
  return undefined;
}

function parseProof(lines: readonly string[]): Bytes[] | undefined {
  return lines.length > MAX_PROOF_LENGTH ? undefined : parseHashLines(lines);
}

function malformed(what: string): ReturnType<typeof err<"malformed-request">> {
  return err("malformed-request", what);
}
