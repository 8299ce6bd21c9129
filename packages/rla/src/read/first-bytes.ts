import type { InputFile } from "./input.ts";
import { joined, NOTHING, withoutMark } from "./pieces.ts";

const ENOUGH = 4096;

/** How a file begins, as Latin-1: enough to tell what it is. */
export async function firstBytes(file: InputFile): Promise<string> {
  let begin: Uint8Array = NOTHING;
  for await (const piece of file.open()) {
    begin = joined(begin, piece.slice());
    if (begin.length >= ENOUGH) break;
  }
  return Array.from(withoutMark(begin).subarray(0, ENOUGH), (byte) => String.fromCharCode(byte)).join("");
}
