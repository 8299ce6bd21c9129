import type { RowFault } from "../fault.ts";
import { LIMITS } from "../input.ts";

/** An element with all that is in it. Prefixes of namespaces are taken off names. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Of the element itself, without its children's; without the blanks around it, unless `xml:space` keeps them. */
  readonly text: string;
  /** Of the file, on which it begins. */
  readonly line: number;
}

interface Open {
  readonly name: string;
  readonly tag: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  readonly line: number;
  text: string;
}

const NAME = /^[\p{L}_][\p{L}\p{N}._-]*(?::[\p{L}_][\p{L}\p{N}._-]*)?$/u;
const ATTRIBUTE = /\s+([^\s=>/"'<]+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/**
 * Finds the wanted elements of an XML 1.0 document that comes in pieces of text. There are no document types, hence no
 * entities but the five that every document has: nothing can be made to grow, and nothing be fetched.
 */
export class XmlParser {
  readonly #isWanted: (name: string) => boolean;
  readonly #found: (element: XmlElement) => void;
  readonly #limit: number;
  /** Elements that are open, from the root. */
  readonly #open: Open[] = [];
  /** The number of open elements above which everything belongs to a wanted one. */
  #wantedFrom = Number.POSITIVE_INFINITY;
  #size = 0;
  #rest = "";
  #line = 1;
  #hasRoot = false;

  /** @param limit UTF-16 units of one wanted element */
  constructor(isWanted: (name: string) => boolean, found: (element: XmlElement) => void, limit: number) {
    this.#isWanted = isWanted;
    this.#found = found;
    this.#limit = limit;
  }

  get line(): number {
    return this.#line;
  }

  feed(piece: string, isLast: boolean): RowFault | undefined {
    const text = this.#rest + piece;
    let at = 0;
    while (at < text.length) {
      const next = text[at] === "<" ? this.#markup(text, at) : this.#text(text, at, isLast);
      if (typeof next !== "number") return next;
      if (next < 0) break;
      for (let i = at; (i = text.indexOf("\n", i)) >= 0 && i < next; i++) this.#line++;
      this.#size += next - at;
      if (this.#size > this.#limit && this.#open.length > this.#wantedFrom) return tooLarge(this.#limit);
      at = next;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > LIMITS.element) return tooLarge(LIMITS.element);
    if (isLast && (this.#rest !== "" || this.#open.length > 0 || !this.#hasRoot)) return broken("ends too early");
    return undefined;
  }

  /** The offset behind the text that begins at `from`; -1 where more of it may come. */
  #text(text: string, from: number, isLast: boolean): number | RowFault {
    const end = text.indexOf("<", from);
    if (end < 0 && !isLast) return -1;
    const stop = end < 0 ? text.length : end;
    const inner = text.slice(from, stop);
    const open = this.#open.at(-1);
    if (open === undefined) return inner.trim() === "" ? stop : broken("has text outside of its root");
    if (this.#open.length > this.#wantedFrom) {
      const plain = unescape(inner);
      if (plain === undefined) return broken("has an entity that is none of the five");
      open.text += plain;
    }
    return stop;
  }

  #markup(text: string, from: number): number | RowFault {
    if (text.startsWith("<!--", from)) return behind(text, from + 4, "-->");
    if (text.startsWith("<?", from)) return behind(text, from + 2, "?>");
    if (text.startsWith("<![CDATA[", from)) {
      const end = behind(text, from + 9, "]]>");
      const open = this.#open.at(-1);
      if (open === undefined) return broken("has text outside of its root");
      if (end > 0 && this.#open.length > this.#wantedFrom) open.text += text.slice(from + 9, end - 3);
      return end;
    }
    if ("<![CDATA[".startsWith(text.slice(from)) || "<!--".startsWith(text.slice(from))) return -1;
    if (text[from + 1] === "!") return broken("declares a document type, which is not read; remove it");
    const end = endOfTag(text, from);
    if (end < 0) return -1;
    if (text[from + 1] === "/") return this.#close(text.slice(from + 2, end).trimEnd(), end + 1);
    const isEmpty = text[end - 1] === "/";
    const fault = this.#start(text.slice(from + 1, isEmpty ? end - 1 : end));
    if (fault !== undefined) return fault;
    return isEmpty ? this.#close((this.#open.at(-1) as Open).tag, end + 1) : end + 1;
  }

  #start(inner: string): RowFault | undefined {
    const tag = /^[^\s]*/.exec(inner)?.[0] ?? "";
    if (!NAME.test(tag)) return broken(`has a tag that is none: <${tag.slice(0, 40)}`);
    if (this.#open.length === 0 && this.#hasRoot) return broken("has two roots");
    if (this.#open.length >= LIMITS.depth) {
      return { code: "too-deep", message: `is nested deeper than ${LIMITS.depth} levels` };
    }
    this.#hasRoot = true;
    const attributes = new Map<string, string>();
    ATTRIBUTE.lastIndex = tag.length;
    let end = tag.length;
    for (let match; (match = ATTRIBUTE.exec(inner)) !== null; end = ATTRIBUTE.lastIndex) {
      const [, name = "", quoted = ""] = match;
      const value = unescape(quoted.slice(1, -1));
      if (value === undefined || attributes.has(localName(name))) return broken(`has a faulty attribute ${name}`);
      attributes.set(localName(name), value);
    }
    if (inner.slice(end).trim() !== "") return broken(`has a faulty tag <${tag}`);
    const name = localName(tag);
    if (this.#open.length < this.#wantedFrom && this.#isWanted(name)) {
      this.#wantedFrom = this.#open.length;
      this.#size = 0;
    }
    this.#open.push({ name, tag, attributes, children: [], line: this.#line, text: "" });
    return undefined;
  }

  #close(tag: string, next: number): number | RowFault {
    const element = this.#open.pop();
    if (element?.tag !== tag) return broken(`closes <${tag.slice(0, 40)}>, which is not open`);
    const { name, attributes, children, line, text } = element;
    const isKept = attributes.get("space") === "preserve";
    const whole = { name, attributes, children, text: isKept ? text : text.trim(), line };
    if (this.#open.length === this.#wantedFrom) {
      this.#wantedFrom = Number.POSITIVE_INFINITY;
      this.#found(whole);
    } else if (this.#open.length > this.#wantedFrom) this.#open.at(-1)?.children.push(whole);
    return next;
  }
}

function behind(text: string, from: number, end: string): number {
  const at = text.indexOf(end, from);
  return at < 0 ? -1 : at + end.length;
}

/** The offset of the `>` of a tag, not one inside of quotes. */
function endOfTag(text: string, from: number): number {
  let quote = "";
  for (let at = from + 1; at < text.length; at++) {
    const letter = text[at] as string;
    if (quote !== "") quote = letter === quote ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === ">") return at;
  }
  return -1;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function unescape(text: string): string | undefined {
  if (!text.includes("&")) return text;
  let isGood = true;
  const plain = text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));|&/g, (_whole, decimal, hex, name) => {
    const code = decimal === undefined ? (hex === undefined ? -1 : Number.parseInt(String(hex), 16)) : Number(decimal);
    if (code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)) return String.fromCodePoint(code);
    const entity = name === undefined || !Object.hasOwn(ENTITIES, String(name)) ? undefined : ENTITIES[String(name)];
    isGood &&= entity !== undefined;
    return entity ?? "";
  });
  return isGood ? plain : undefined;
}

function broken(what: string): RowFault {
  return { code: "not-xml", message: `is no XML that can be read: it ${what}; export the file again` };
}

function tooLarge(limit: number): RowFault {
  return { code: "too-large", message: `an element is larger than ${limit} characters` };
}
