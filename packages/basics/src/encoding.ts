import { type Bytes, utf8 } from "./bytes.ts";

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const HEX_DIGITS = "0123456789abcdef";
const BASE64_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_DIGITS = utf8(BASE64_ALPHABET);
const NOT_A_DIGIT = 0xff;
const PADDING = 0x3d;
const decoder = new TextDecoder();
const HEX_VALUES = valuesOf(HEX_DIGITS);
const BASE64_VALUES = valuesOf(BASE64_ALPHABET);

export function toHex(bytes: Bytes): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += HEX_OF_BYTE[bytes[i] as number];
  return text;
}

/** Decodes lower-case hexadecimal; `undefined` for anything else. */
export function fromHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(HEX_VALUES, text, 2 * i);
    const low = digit(HEX_VALUES, text, 2 * i + 1);
    if ((high | low) > 0xf) return undefined;
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

/** Padded standard base64 (RFC 4648 §4). Digits are put down as bytes: characters in a text cost thirty times as much. */
export function toBase64(bytes: Bytes): string {
  const digits = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PADDING);
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let i = 0; i < whole; i += 3) {
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    digits[to++] = BASE64_DIGITS[word >> 18] as number;
    digits[to++] = BASE64_DIGITS[(word >> 12) & 0x3f] as number;
    digits[to++] = BASE64_DIGITS[(word >> 6) & 0x3f] as number;
    digits[to++] = BASE64_DIGITS[word & 0x3f] as number;
  }
  if (whole < bytes.length) {
    const word = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8);
    digits[to++] = BASE64_DIGITS[word >> 18] as number;
    digits[to++] = BASE64_DIGITS[(word >> 12) & 0x3f] as number;
    if (whole + 1 < bytes.length) digits[to] = BASE64_DIGITS[(word >> 6) & 0x3f] as number;
  }
  return decoder.decode(digits);
}

/** Decodes padded standard base64 (RFC 4648 §4); `undefined` unless `text` is the one canonical form of its bytes. */
export function fromBase64(text: string): Bytes | undefined {
  // Bytes are read several times as fast as characters, whatever engine holds the text in whatever way.
  const digits = utf8(text);
  if (digits.length % 4 !== 0) return undefined;
  const bytes = new Uint8Array((digits.length / 4) * 3 - paddingBefore(digits, digits.length));
  return decodeBase64(digits, 0, digits.length, bytes, 0) < 0 ? undefined : bytes;
}

/**
 * Decodes the base64 digits in [start, end) into `into` from `at` on, which must have room for three bytes for each
 * four digits. Returns how many bytes it wrote; -1 unless the digits are the one canonical form of those.
 */
export function decodeBase64(digits: Bytes, start: number, end: number, into: Bytes, at: number): number {
  if ((end - start) % 4 !== 0) return -1;
  const padding = start === end ? 0 : paddingBefore(digits, end);
  let written = at;
  const whole = padding === 0 ? end : end - 4;
  for (let i = start; i < whole; i += 4) {
    const a = base64Value(digits, i);
    const b = base64Value(digits, i + 1);
    const c = base64Value(digits, i + 2);
    const d = base64Value(digits, i + 3);
    if ((a | b | c | d) > 0x3f) return -1;
    into[written++] = (a << 2) | (b >> 4);
    into[written++] = (b << 4) | (c >> 2);
    into[written++] = (c << 6) | d;
  }
  if (padding === 0) return written - at;
  const a = base64Value(digits, whole);
  const b = base64Value(digits, whole + 1);
  const c = padding === 2 ? 0 : base64Value(digits, whole + 2);
  if ((a | b | c) > 0x3f) return -1;
  into[written++] = (a << 2) | (b >> 4);
  if (padding === 1) into[written++] = (b << 4) | (c >> 2);
  // Bits that the padding cuts off must be zero (RFC 4648 §3.5), or one value would have several spellings.
  return (padding === 2 ? b & 0xf : c & 0x3) === 0 ? written - at : -1;
}

function paddingBefore(digits: Bytes, end: number): number {
  return digits[end - 1] !== PADDING ? 0 : digits[end - 2] !== PADDING ? 1 : 2;
}

function base64Value(digits: Bytes, at: number): number {
  return BASE64_VALUES[digits[at] as number] as number;
}

function digit(values: Uint8Array, text: string, at: number): number {
  return values[text.charCodeAt(at)] ?? NOT_A_DIGIT;
}

function valuesOf(digits: string): Uint8Array {
  const values = new Uint8Array(256).fill(NOT_A_DIGIT);
  for (let i = 0; i < digits.length; i++) values[digits.charCodeAt(i)] = i;
  return values;
}
