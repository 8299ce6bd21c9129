import type { Result } from "@detente/basics";
import { firstBytes } from "../read/first-bytes.ts";
import type { ReadFault } from "../read/fault.ts";
import type { InputFile } from "../read/input.ts";
import { readClarity } from "./clarity.ts";
import { readResultsCsv } from "./csv.ts";
import { readNistResults } from "./nist.ts";
import type { ResultsSnapshot } from "./snapshot.ts";

/** Reads published results in whatever of the known formats they are, told by how the file begins. */
export async function readResults(file: InputFile): Promise<Result<ResultsSnapshot, ReadFault>> {
  const begin = await firstBytes(file);
  if (/^\s*\{/.test(begin)) return readNistResults(file, false);
  if (/^\s*<[^]*<(?:\w+:)?ElectionReport\b/.test(begin)) return readNistResults(file, true);
  return /^\s*</.test(begin) ? readClarity(file) : readResultsCsv(file);
}
