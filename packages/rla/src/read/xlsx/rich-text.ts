import { childrenOf } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/xml-parser.ts";

/** The text of a string item (ECMA-376 part 1, §18.4.8): its own, or that of its runs; how it is spoken is left out. */
export function richText(element: XmlElement): string {
  const texts = [element, ...childrenOf(element, "r")].flatMap((part) => childrenOf(part, "t"));
  return unescaped(texts.map(({ text }) => text).join(""));
}

/** Characters that XML cannot carry stand as `_x000D_` (§22.9.2.19). */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
