import { latin1ToText } from "../latin1.ts";
import { type MappedText, replaced } from "../mapped-text.ts";
import { charsetDecoder } from "./charset.ts";
import { transferDecoder } from "./transfer.ts";

/** `=?charset?encoding?text?=` (RFC 2047 §2, the language of RFC 2231 §5 left aside), with the blanks to the next one. */
const ENCODED_WORD =
  /=\?([^\s?*]{1,40})(?:\*[^\s?]{0,40})?\?([bq])\?([^\s?]*)\?=(?:[ \t]+(?==\?[^\s?]{1,81}\?[bq]\?))?/gi;

/** Decodes the encoded words of a header field; bytes of unknown character sets are left as they are. */
export function decodeEncodedWords(piece: MappedText): MappedText {
  if (!piece.text.includes("=?")) return piece;
  return replaced(piece, ENCODED_WORD, ([, charset = "", encoding = "", text = ""]) => {
    const decoder = transferDecoder(encoding.toLowerCase() === "b" ? "base64" : "quoted-printable");
    const encoded = encoding.toLowerCase() === "b" ? text : text.replaceAll("_", "=20");
    const bytes = [...decoder.decode(encoded, true), ...decoder.end()].map((run) => run.text).join("");
    return charsetDecoder(charset)?.(bytes) ?? bytes;
  });
}

/** A header field's text for people. */
export function readableHeader(value: string): string {
  return latin1ToText(decodeEncodedWords({ text: value, offsets: undefined, start: 0 }).text);
}
