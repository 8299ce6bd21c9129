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
 *
 * @param most bytes of the part, unpacked
 */
export async function* elementsOf(
  file: InputFile,
  part: string,
  names: readonly string[],
  most: number = LIMITS.workbookPart,
): AsyncGenerator<Result<readonly XmlElement[], ReadFault>> {
  for await (const entry of zipFiles(file)()) {
    if (!entry.ok) return yield entry;
    if (entry.value.name !== part) continue;
    let isCut = false;
    const bytes = upTo(most, entry.value, () => (isCut = true));
    for await (const read of readXml(`${file.name}/${part}`, bytes, names)) {
      // What is cut short is no XML.
      if (isCut) return yield refuse(file.name, 1, "too-large", `${part} has more than ${most} bytes; save it as CSV`);
      yield read;
      if (!read.ok) return;
    }
  }
}

/** The first bytes of a file, so many at most. @param onCut told where there are more */
async function* upTo(most: number, { chunks }: FileEntry, onCut: () => void): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of chunks()) {
    size += chunk.length;
    if (size > most) return onCut();
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
  for await (const read of elementsOf(file, part, names, LIMITS.workbookHead)) {
    if (!read.ok) return read;
    for (const element of read.value) all.push(element);
    if (all.length > LIMITS.columns) return refuse(file.name, 1, "too-many", `${part} has too many elements`);
  }
  return ok(all);
}
