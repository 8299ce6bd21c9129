import type { Bytes } from "./bytes.ts";

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const HEX_DIGITS = "0123456789abcdef";
const BASE64_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const NOT_A_DIGIT = 0xff;
const HEX_VALUES = valuesOf(HEX_DIGITS);
const BASE64_VALUES = valuesOf(BASE64_DIGITS);

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

export function toBase64(bytes: Bytes): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** Decodes padded standard base64 (RFC 4648 §4); `undefined` unless `text` is the one canonical form of its bytes. */
export function fromBase64(text: string): Bytes | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let written = 0;
  for (let i = 0; i < text.length; i += 4) {
    const digits = i + 4 === text.length ? 4 - padding : 4;
    let group = 0;
    for (let j = 0; j < 4; j++) {
      const value = j < digits ? digit(BASE64_VALUES, text, i + j) : 0;
      if (value > 0x3f) return undefined;
      group = (group << 6) | value;
    }
    // Bits that the padding cuts off must be zero (RFC 4648 §3.5), or one value would have several spellings.
    if (digits < 4 && (group & (digits === 2 ? 0xffff : 0xff)) !== 0) return undefined;
    for (let shift = 16; shift >= 0 && written < bytes.length; shift -= 8) bytes[written++] = group >> shift;
  }
  return bytes;
}

function digit(values: Uint8Array, text: string, at: number): number {
  return values[text.charCodeAt(at)] ?? NOT_A_DIGIT;
}

function valuesOf(digits: string): Uint8Array {
  const values = new Uint8Array(128).fill(NOT_A_DIGIT);
  for (let i = 0; i < digits.length; i++) values[digits.charCodeAt(i)] = i;
  return values;
}
