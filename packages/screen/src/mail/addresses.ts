import { readableHeader } from "./encoded-words.ts";
import { latin1ToText } from "../latin1.ts";

/** An address of a header field, and the name that programs show instead of it. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
  /** What follows the last `@`, as it stands. */
  readonly domain: string;
}

const MAX_ADDRESSES = 100;
/** The tokens of RFC 5322 §3.4: quoted strings, comments without nesting, angle brackets, separators, the rest. */
const TOKEN = /"((?:[^"\\]|\\.)*)"|\(((?:[^()\\]|\\.)*)\)|<([^<>]*)>|([,;:])|[^"(<,;:]+|["(<]/gs;

/** Reads a list of addresses as leniently as programs that show them; encoded words are decoded in names only. */
export function parseAddresses(field: string): readonly MailAddress[] {
  const found: MailAddress[] = [];
  let name = "";
  let comment = "";
  let angle: string | undefined;
  const finish = (): void => {
    const address = latin1ToText((angle ?? name).trim());
    const at = address.lastIndexOf("@");
    const shown = readableHeader((angle === undefined ? comment : name).trim());
    if (at > 0) found.push({ name: shown, address, domain: address.slice(at + 1) });
    name = "";
    comment = "";
    angle = undefined;
  };
  for (const [whole, quoted, remark, bracketed, separator] of field.matchAll(TOKEN)) {
    if (found.length >= MAX_ADDRESSES) return found;
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
