import { ok, type Result } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import type { FileEntry } from "../file-set.ts";
import { type InputFile, LIMITS } from "../input.ts";
import { readXml } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/xml-parser.ts";
import { zipFiles } from "../zip/zip-files.ts";

/**
 * The elements of some names in one part of a workbook (ECMA-376 part 2: a ZIP archive of XML files), in pieces; none
 * where the workbook has no such part.
 */
export async function* elementsOf(
  file: InputFile,
  part: string,
  names: readonly string[],
): AsyncGenerator<Result<readonly XmlElement[], ReadFault>> {
  for await (const entry of zipFiles(file)()) {
    if (!entry.ok) return yield entry;
    if (entry.value.name !== part) continue;
    for await (const read of readXml(`${file.name}/${part}`, upTo(LIMITS.workbookPart, entry.value), names)) {
      yield read;
      if (!read.ok) return;
    }
  }
}

/** The first bytes of a file, so many at most: what is cut short is no XML. */
async function* upTo(most: number, { chunks }: FileEntry): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks()) {
    size += chunk.length;
    if (size > most) return;
    yield chunk;
  }
}

/** The same, all at once: of parts with few elements. */
export async function allElementsOf(
  file: InputFile,
  part: string,
  names: readonly string[],
): Promise<Result<readonly XmlElement[], ReadFault>> {
  const all: XmlElement[] = [];
  for await (const read of elementsOf(file, part, names)) {
    if (!read.ok) return read;
    for (const element of read.value) all.push(element);
    if (all.length > LIMITS.columns) return refuse(file.name, 1, "too-many", `${part} has too many elements`);
  }
  return ok(all);
}
