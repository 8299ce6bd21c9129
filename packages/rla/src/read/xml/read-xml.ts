import { ok, type Result } from "@detente/basics";
import { type ReadFault, refuse } from "../fault.ts";
import { LIMITS } from "../input.ts";
import { type XmlElement, XmlParser } from "./xml-parser.ts";

/** Reads of an XML document, in pieces, the elements of some names, in the order in which they end. */
export async function* readXml(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  wanted: readonly string[],
  limit: number = LIMITS.element,
): AsyncGenerator<Result<readonly XmlElement[], ReadFault>> {
  let found: XmlElement[] = [];
  const names = new Set(wanted);
  const parser = new XmlParser(
    (element) => names.has(element),
    (element) => found.push(element),
    limit,
  );
  // The mark of byte order is taken off; bytes that are no UTF-8 make it throw.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of chunks) {
    const text = decoded(decoder, chunk);
    if (text === undefined) return yield refuse(name, parser.line, "not-utf8", "is not UTF-8; save the file as UTF-8");
    const fault = parser.feed(text, false);
    if (found.length > 0) yield ok(found);
    found = [];
    if (fault !== undefined) return yield refuse(name, parser.line, fault.code, fault.message);
  }
  const last = decoded(decoder, undefined);
  const fault = last === undefined ? undefined : parser.feed(last, true);
  if (found.length > 0) yield ok(found);
  if (last === undefined) return yield refuse(name, parser.line, "not-utf8", "ends inside a character");
  if (fault !== undefined) yield refuse(name, parser.line, fault.code, fault.message);
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string | undefined {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    return undefined;
  }
}

/** The children of a name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The text of the first child of a name; empty where there is none. Line ends of a ballot's layout become blanks. */
export function childText(element: XmlElement | undefined, name: string): string {
  return (childOf(element, name)?.text ?? "").replace(/\s+/g, " ");
}
