import { codePointToLatin1, trimBytes } from "../latin1.ts";
import { type MappedText, replaced } from "../mapped-text.ts";

/** The named references that a name, an address or a URL may be written with (HTML standard, §13.5). */
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  period: ".",
  colon: ":",
  sol: "/",
  commat: "@",
  equals: "=",
  quest: "?",
  num: "#",
  percnt: "%",
  lowbar: "_",
  hyphen: "-",
  dash: "-",
};
const REFERENCE = /&(?:#x0*([0-9a-f]{1,6})|#0*([0-9]{1,7})|([a-z]{2,6}));?/gi;

/** Undoes HTML's character references. */
export function decodeEntities(piece: MappedText): MappedText {
  if (!piece.text.includes("&")) return piece;
  return replaced(piece, REFERENCE, ([whole, hex, decimal, name]) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] as string) : whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? whole : codePointToLatin1(code);
  });
}

/** A link as it is and as it looks, both decoded. */
export interface Anchor {
  readonly href: string;
  readonly text: string;
  /** Where its text begins. */
  readonly at: number;
}

const MAX_ANCHORS = 1000;
const MAX_ATTRIBUTES = 8192;
const MAX_TEXT = 2000;
/** White space is HTML's in these: other is a byte of a letter here. */
const TAG = /<(\/?)a(?=[\t\n\f\r />])/gi;
/** An attribute's name and value (HTML standard, §13.2.5.32 to 38). */
const ATTRIBUTE =
  /([^\t\n\f\r />=][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >]*)))?/g;

/** The links of an HTML text, in time that grows with its length, whatever it holds; a thousand at most. */
export function anchorsOf(html: string): readonly Anchor[] {
  const anchors: Anchor[] = [];
  let open: { href: string; from: number } | undefined;
  const close = (end: number): void => {
    if (open === undefined) return;
    const text = html.slice(open.from, Math.min(end, open.from + MAX_TEXT)).replace(/<[^<>]*>/g, "");
    const shown = decoded(text).replace(/[\t-\r ]+/g, " ");
    anchors.push({ href: trimBytes(decoded(open.href)), text: trimBytes(shown), at: open.from });
    open = undefined;
  };
  const tags = new RegExp(TAG);
  for (let tag = tags.exec(html); tag !== null && anchors.length < MAX_ANCHORS; tag = tags.exec(html)) {
    close(tag.index);
    if (tag[1] === "/") continue;
    const end = endOfTag(html, tags.lastIndex);
    if (end < 0) break;
    const attributes = html.slice(tags.lastIndex, Math.min(end, tags.lastIndex + MAX_ATTRIBUTES));
    const href = hrefIn(attributes);
    if (href !== undefined) open = { href, from: end + 1 };
    tags.lastIndex = end + 1;
  }
  close(html.length);
  return anchors;
}

/** The first one counts; what looks like one inside another attribute's value is none. */
function hrefIn(attributes: string): string | undefined {
  for (const [, name = "", double, single, bare] of attributes.matchAll(ATTRIBUTE)) {
    if (name.toLowerCase() === "href") return double ?? single ?? bare;
  }
  return undefined;
}

/** Only after an equals sign does a quote open a value, in which `>` ends nothing (HTML standard, §13.2.5). */
function endOfTag(html: string, from: number): number {
  const mark = />|=\s{0,20}(["'])/g;
  mark.lastIndex = from;
  for (let match = mark.exec(html); match !== null; match = mark.exec(html)) {
    const quote = match[1];
    if (quote === undefined) return match.index;
    const close = html.indexOf(quote, mark.lastIndex);
    if (close < 0) return -1;
    mark.lastIndex = close + 1;
  }
  return -1;
}

function decoded(text: string): string {
  return decodeEntities({ text, offsets: undefined, start: 0 }).text;
}
