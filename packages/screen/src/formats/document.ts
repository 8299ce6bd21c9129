import { isFrameStreams } from "../dnstap/frames.ts";
import type { DocumentFormat } from "../hit.ts";
import { bytesToLatin1 } from "../latin1.ts";
import { detectFormat } from "./detect.ts";

/**
 * The format by which a log is decoded as a whole, where its first bytes (some KiB, the last line may be cut) are those
 * of one: such a log cannot be screened in parts.
 */
export function documentFormat(head: Uint8Array): DocumentFormat | undefined {
  if (isFrameStreams(head) === true) return "dnstap";
  const lines = bytesToLatin1(head).split(/\r?\n/);
  const format = detectFormat(lines.slice(0, -1));
  return format === "mbox" || format === "eml" ? format : undefined;
}
