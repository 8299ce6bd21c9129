import { readableHeader } from "./encoded-words.ts";
import { latin1ToText, trimBytes } from "../latin1.ts";

/** An address of a header field, and the name that programs show instead of it. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
  /** What follows the last `@`, as it stands. */
  readonly domain: string;
}

const MAX_ADDRESSES = 100;
/** The tokens of RFC 5322 §3.4: comments without nesting and escapes, angle brackets, separators, the rest. */
const UNQUOTED = /\((?<remark>[^()]*)\)|<(?<bracketed>[^<>]*)>|(?<separator>[,;:])|[^"(<,;:]+|["(<]/;
/** And quoted strings, which should be closed. */
const TOKEN = new RegExp(`"(?<quoted>(?:[^"\\\\]|\\\\.)*)(?<closed>"?)|${UNQUOTED.source}`, "gs");

/** Reads a list of addresses as leniently as programs that show them; encoded words are decoded in names only. */
export function parseAddresses(field: string): readonly MailAddress[] {
  const found: MailAddress[] = [];
  let name = "";
  let comment = "";
  let angle: string | undefined;
  const finish = (): void => {
    const address = latin1ToText(trimBytes(angle ?? name));
    const at = address.lastIndexOf("@");
    const shown = readableHeader(trimBytes(angle === undefined ? comment : name));
    if (at > 0) found.push({ name: shown, address, domain: address.slice(at + 1) });
    name = "";
    comment = "";
    angle = undefined;
  };
  for (const { 0: whole, groups = {} } of tokensOf(field)) {
    if (found.length >= MAX_ADDRESSES) return found;
    const { quoted, remark, bracketed, separator } = groups;
    if (quoted !== undefined) name += quoted.replace(/\\(.)/gs, "$1");
    else if (remark !== undefined) comment += remark;
    else if (bracketed !== undefined) angle = bracketed;
    else if (separator === ":") name = "";
    else if (separator === undefined) name += whole;
    else finish();
  }
  finish();
  return found;
}

/** Where a quoted string has no end none behind it has one, and to look for it from each would take the square of the time. */
function* tokensOf(field: string): Generator<RegExpExecArray> {
  let token = new RegExp(TOKEN);
  for (let match = token.exec(field); match !== null; match = token.exec(field)) {
    if (match.groups?.["closed"] !== "") yield match;
    else {
      token = new RegExp(UNQUOTED, "gs");
      token.lastIndex = match.index;
    }
  }
}
