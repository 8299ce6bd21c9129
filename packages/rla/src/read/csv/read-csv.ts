import { concatBytes, ok, type Result } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import type { InputFile } from "../input.ts";
import { joined, NOTHING, withoutMark } from "../pieces.ts";
import { sheetAsCsv } from "../xlsx/read-sheet.ts";
import { CsvRecords } from "./csv-records.ts";

const LF = 0x0a;

/** How a ZIP archive begins, and so a workbook. */
const PK = [0x50, 0x4b, 0x03, 0x04];

/**
 * Reads a CSV file, or the first sheet of a workbook (.xlsx), in pieces: each time it gives the same `CsvRecords`, which has further records until its `next` says
 * no; whoever reads goes through them before asking for more.
 */
export async function* readCsv(file: InputFile, delimiter?: number): AsyncGenerator<Result<CsvRecords, ReadFault>> {
  const records = new CsvRecords(delimiter);
  let rest: Uint8Array = NOTHING;
  let isFirst = true;
  for await (const chunk of file.open()) {
    if (chunk.length === 0) continue;
    rest = joined(rest, chunk);
    if (isFirst && rest.length < PK.length) {
      rest = rest.slice();
      continue;
    }
    const begin = rest;
    if (isFirst && PK.every((byte, i) => begin[i] === byte)) return yield* readSheet(file);
    if (isFirst && isUtf16(rest)) return yield refuse(file.name, 1, "not-utf8", "is UTF-16; save the file as UTF-8");
    records.feed(isFirst ? withoutMark(rest) : rest, false);
    isFirst = false;
    yield ok(records);
    // A copy: whoever gives the chunks may use their memory again.
    rest = records.rest.slice();
  }
  if (isFirst) rest = withoutMark(rest);
  records.feed(rest.length === 0 || rest.at(-1) === LF ? rest : concatBytes(rest, Uint8Array.of(LF)), true);
  yield ok(records);
}

async function* readSheet(file: InputFile): AsyncGenerator<Result<CsvRecords, ReadFault>> {
  const records = new CsvRecords();
  for await (const read of sheetAsCsv(file)) {
    if (!read.ok) return yield read;
    records.feed(read.value, false);
    yield ok(records);
  }
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** The first `count` records of a file as cells. A fault among them is the file's. */
export async function headOf(file: InputFile, count: number): Promise<Result<string[][], ReadFault>> {
  const head: string[][] = [];
  for await (const read of readCsv(file)) {
    if (!read.ok) return read;
    const records = read.value;
    while (head.length < count && records.next()) {
      if (records.fault !== undefined)
        return refuse(file.name, records.line, records.fault.code, records.fault.message);
      head.push(records.texts());
    }
    if (head.length === count) break;
  }
  return ok(head);
}
