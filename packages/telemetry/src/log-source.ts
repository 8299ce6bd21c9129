/** A log to be screened: a file of plain bytes, which may be read in parts and in parallel, or bytes as they come. */
export type LogSource = FileRange | AsyncIterable<Uint8Array>;

/** Bytes `from` (inclusive) to `to` (exclusive, absent: to the end) of a file. */
export interface FileRange {
  readonly path: string;
  readonly from?: number;
  readonly to?: number;
}
