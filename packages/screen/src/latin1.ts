/**
 * Logs are scanned as strings in which one character is one byte, so that offsets are byte offsets and bytes that
 * are no UTF-8 do no harm. Characters from 0x80 on are bytes of UTF-8, decoded only where a name has them.
 */
const decoder = new TextDecoder("windows-1252");
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function bytesToLatin1(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  // The web's "latin1" is windows-1252, which puts 27 of the bytes from 0x80 to 0x9f above 0xff.
  return /[^\u0000-\u00ff]/.test(text) ? byUnits(bytes) : text;
}

function byUnits(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

export function latin1ToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The text that the bytes stand for; what is no UTF-8 becomes U+FFFD. */
export function latin1ToText(text: string): string {
  return isAscii(text) ? text : utf8.decode(latin1ToBytes(text));
}

/** Cuts white space of ASCII at both ends: `trim` would take bytes of letters, as 0xa0 of `à`. */
export function trimBytes(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A code point as the characters of its UTF-8 bytes. */
export function codePointToLatin1(codePoint: number): string {
  return codePoint < 0x80 ? String.fromCharCode(codePoint) : byUnits(encoder.encode(String.fromCodePoint(codePoint)));
}

const encoder = new TextEncoder();
