import {
  canonicalJsonBytes,
  err,
  type Fault,
  type Json,
  ok,
  parseCanonicalJson,
  type Result,
  sha256,
  toHex,
} from "@detente/basics";
import { LOG_FORMATS, type LogFormat } from "@detente/screen";
import type { FileState } from "./file-state.ts";
import { isCount, isDigest, isIn, isObject, isText } from "./forms.ts";

/** A part of a log that one worker screens: where it is, never what it holds. */
export interface Segment {
  /** Its place in the job, from 0. */
  readonly number: number;
  /** `file:` and an absolute path, the same on all machines. */
  readonly uri: string;
  /** The file as it was planned; of another one nothing is screened. */
  readonly state: FileState;
  /** Bytes from the file's beginning, at the start of a line. */
  readonly offset: number;
  readonly length: number;
  /** Compressed files are screened whole, from their unpacked bytes. */
  readonly isPacked: boolean;
  /** `null`: told by the content, which only the file's first segment can. */
  readonly format: LogFormat | null;
  /** Lines that the reader of the format must have seen before, each with its end. */
  readonly header: string;
  /** The digest of the list of indicators. */
  readonly indicators: string;
}

export type SegmentFault = Fault<"malformed">;

const VERSION = 1;
/** A path of 4 KiB, each byte written as `%xx`, and more. */
const MAX_URI = 16 * 1024;
const MAX_HEADER = 300 * 1024;

/** The bytes of a segment's descriptor, of which its id is the SHA-256 in hexadecimal. */
export function segmentBytes(segment: Segment): Uint8Array {
  return canonicalJsonBytes({ v: VERSION, ...segment } as unknown as Json);
}

export function segmentId(descriptor: Uint8Array): string {
  return toHex(sha256(descriptor));
}

/** Reads a descriptor from the queue: to be believed as far as whoever can write to the queue. */
export function parseSegment(descriptor: Uint8Array): Result<Segment, SegmentFault> {
  const json = parseCanonicalJson(descriptor);
  if (!json.ok) return err("malformed", `the descriptor is damaged: ${json.fault.message}`);
  const { value } = json;
  if (!isObject(value)) return err("malformed", "the descriptor is no object");
  const { v, ...segment } = value;
  if (v !== VERSION) return err("malformed", "the descriptor is of another version of this software — update both");
  const wrong = Object.entries(FORM).find(([name, isRight]) => !isRight(segment[name]))?.[0];
  if (wrong !== undefined) return err("malformed", `the descriptor's "${wrong}" is not of its form`);
  if (Object.keys(segment).length !== Object.keys(FORM).length) return err("malformed", "unknown members");
  return ok(segment as unknown as Segment);
}

const FORM: { readonly [Member in keyof Segment]: (value: unknown) => boolean } = {
  number: isCount,
  uri: (value) => isText(value, MAX_URI) && /^file:\/\/\/./.test(value),
  state: (value) =>
    isObject(value) &&
    Object.keys(value).length === 3 &&
    isCount(value["size"]) &&
    Number.isSafeInteger(value["modified"]) &&
    isDigest(value["head"]),
  offset: isCount,
  length: isCount,
  isPacked: (value) => typeof value === "boolean",
  format: (value) => value === null || isIn(LOG_FORMATS, value),
  header: (value) => isText(value, MAX_HEADER) && (value === "" || value.endsWith("\n")),
  indicators: isDigest,
};
