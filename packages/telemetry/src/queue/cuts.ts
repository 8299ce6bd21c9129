import type { FileReader } from "./file-state.ts";

const PIECE = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Where to cut a file into segments of about `length` bytes: at starts of lines, so that a line belongs to the segment
 * in which it starts, however long it is. Reads a little around each cut only.
 * @returns offsets between 0 and `size`, both excluded, ascending
 */
export async function lineCuts(file: FileReader, size: number, length: number): Promise<number[]> {
  const cuts: number[] = [];
  for (let at = length; at < size;) {
    const cut = await lineStart(file, at, size);
    if (cut >= size) break;
    cuts.push(cut);
    at = cut + length;
  }
  return cuts;
}

/** The first start of a line at or after `offset`, which is not 0; `size` where there is none. */
async function lineStart(file: FileReader, offset: number, size: number): Promise<number> {
  const piece = new Uint8Array(PIECE);
  for (let at = offset - 1; at < size;) {
    const { bytesRead } = await file.read(piece, 0, PIECE, at);
    if (bytesRead === 0) break;
    const newline = piece.subarray(0, bytesRead).indexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
    at += bytesRead;
  }
  return size;
}
