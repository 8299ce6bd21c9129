import { assert, type Bytes, concatBytes, fromHex, present, utf8 } from "@detente/basics";

/** A writer of the few DER types (ITU-T X.690) that a certificate is made of. Each function gives one TLV. */

export function sequence(...parts: readonly Bytes[]): Bytes {
  return tlv(0x30, concatBytes(...parts));
}

export function set(...parts: readonly Bytes[]): Bytes {
  return tlv(0x31, concatBytes(...parts));
}

/** A non-negative INTEGER from big-endian bytes. */
export function integer(magnitude: Bytes): Bytes {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const minimal = magnitude.subarray(start);
  const negative = ((minimal[0] ?? 0) & 0x80) !== 0;
  return tlv(0x02, concatBytes(new Uint8Array(negative || minimal.length === 0 ? 1 : 0), minimal));
}

export function boolean(value: boolean): Bytes {
  return tlv(0x01, Uint8Array.of(value ? 0xff : 0));
}

/** A BIT STRING; `unused` counts the bits of the last byte that do not belong to it. */
export function bitString(bytes: Bytes, unused = 0): Bytes {
  return tlv(0x03, concatBytes(Uint8Array.of(unused), bytes));
}

export function octetString(bytes: Bytes): Bytes {
  return tlv(0x04, bytes);
}

export function utf8String(text: string): Bytes {
  return tlv(0x0c, utf8(text));
}

/** An OBJECT IDENTIFIER in dotted form. */
export function objectIdentifier(dotted: string): Bytes {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const arcs = [present(first, "first arc") * 40 + present(second, "second arc"), ...rest];
  return tlv(0x06, concatBytes(...arcs.map(base128)));
}

/** A Time as RFC 5280 §4.1.2.5 wants it: UTCTime through 2049, GeneralizedTime from 2050. Whole seconds. */
export function time(date: Date): Bytes {
  const digits = date
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:T]/g, "");
  assert(digits.length === 15, "a certificate's date is in the years 0 to 9999");
  return date.getUTCFullYear() < 2050 ? tlv(0x17, utf8(digits.slice(2))) : tlv(0x18, utf8(digits));
}

/** A context-specific tag: constructed around a whole TLV (explicit), or primitive with raw contents (implicit). */
export function tagged(number: number, contents: Bytes, form: "explicit" | "implicit"): Bytes {
  return tlv((form === "explicit" ? 0xa0 : 0x80) | number, contents);
}

function base128(arc: number): Bytes {
  const septets = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) septets.unshift((rest & 0x7f) | 0x80);
  return Uint8Array.from(septets);
}

function tlv(tag: number, contents: Bytes): Bytes {
  return concatBytes(Uint8Array.of(tag), lengthOctets(contents.length), contents);
}

function lengthOctets(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const hex = length.toString(16);
  const octets = present(fromHex(hex.length % 2 === 0 ? hex : `0${hex}`), "length octets");
  return concatBytes(Uint8Array.of(0x80 | octets.length), octets);
}
