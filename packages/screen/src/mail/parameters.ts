/** A structured field such as Content-Type: a value and parameters, names and value in lower case. */
export interface Parameterised {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/gs;
/** `name*0*`: a section of a parameter that was cut, in percent-encoding if a star follows (RFC 2231 §3, §4). */
const SECTION = /^([^*]+)(?:\*([0-9]{1,3}))?(\*)?$/;

/** Reads a field (RFC 2045 §5.1); comments go, and parameters cut into sections are put together. */
export function parseParameters(field: string): Parameterised {
  const text = withoutComments(field);
  const value = /^\s*([^\s;]*)/.exec(text)?.[1]?.toLowerCase() ?? "";
  const found = new Map<string, string[]>();
  for (const [, rawName = "", quoted, bare = ""] of text.matchAll(PARAMETER)) {
    const [, name = "", section = "0", isExtended] = SECTION.exec(rawName.toLowerCase()) ?? [];
    const plain = quoted === undefined ? bare : quoted.replace(/\\(.)/gs, "$1");
    const decoded = isExtended === undefined ? plain : decodeExtended(plain, section === "0");
    const sections = found.get(name) ?? [];
    // The first of two of one name and number counts; sections go by their numbers, wherever they stand (RFC 2231 §3).
    sections[Number(section)] ??= decoded;
    found.set(name, sections);
  }
  return { value, parameters: new Map([...found].map(([name, sections]) => [name, sections.join("")])) };
}

/** Bytes, a character each; the character set before them is left aside. */
function decodeExtended(text: string, isFirst: boolean): string {
  const bare = isFirst ? text.replace(/^[^']*'[^']*'/, "") : text;
  return bare.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Drops comments in parentheses, which nest (RFC 5322 §3.2.2), outside quoted strings. */
export function withoutComments(text: string): string {
  if (!text.includes("(")) return text;
  let bare = "";
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === "\\" && (isQuoted || depth > 0)) {
      if (depth === 0) bare += character + (text[i + 1] ?? "");
      i++;
    } else if (isQuoted || depth === 0) {
      if (character === '"') isQuoted = !isQuoted;
      if (!isQuoted && character === "(") depth++;
      else bare += character;
    } else if (character === "(") depth++;
    else if (character === ")") depth--;
  }
  return bare;
}
