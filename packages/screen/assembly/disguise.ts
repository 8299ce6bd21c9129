import { hexDigit } from "./addresses";

/**
 * The disguises of text, undone in the walker's order and by its rules. All work in place, as what they write is
 * shorter than what they read; each returns where the text now ends, which tells whether it changed.
 */

const BACKSLASH: u32 = 0x5c;
const NUMBER_SIGN: u32 = 0x23;
const NOT_HEX: u32 = 0x10000;

/**
 * Whether a disguise may begin at an odd character.
 * @param isJson whether JSON's escapes are undone first
 * @param isSyslog whether syslog's are undone
 */
export function mayBeDisguise(at: usize, isJson: boolean, isSyslog: boolean): boolean {
  const code = <u32>load<u8>(at);
  const next = <u32>load<u8>(at + 1);
  if (code === 0x25) return hexDigit(next) < 16 && hexDigit(load<u8>(at + 2)) < 16;
  if (code === NUMBER_SIGN) return isSyslog && (next === 0x30 || next === 0x31);
  if (code !== BACKSLASH) return isDefangedBy(next);
  if (!isJson) return next === 0x2e || (next === 0x78 && hexDigit(load<u8>(at + 2)) < 16);
  // Escaped quotes and slashes separate as they are.
  if (next === 0x22 || next === 0x2f) return false;
  if (next !== BACKSLASH) return true;
  const third = <u32>load<u8>(at + 2);
  return third === BACKSLASH || third === 0x2e || third === 0x78;
}

/** `.:@/`, or the first letter of `dot` and `at`. */
function isDefangedBy(next: u32): boolean {
  const letter = next | 0x20;
  return next === 0x2e || next === 0x3a || next === 0x40 || next === 0x2f || letter === 0x64 || letter === 0x61;
}

/** A byte of decoded text. What was no line's end on disk is none now. */
function put(at: usize, byte: u32): usize {
  store<u8>(at, byte === 0x0a ? 0x20 : byte);
  return at + 1;
}

/** JSON's escapes (RFC 8259 §7). */
export function undoJson(start: usize, end: usize): usize {
  let to = start;
  for (let at = start; at < end;) {
    const code = <u32>load<u8>(at);
    if (code !== BACKSLASH || at + 1 === end) {
      to = put(to, code);
      at++;
      continue;
    }
    const next = <u32>load<u8>(at + 1);
    if ((next | 0x20) !== 0x75) {
      to = put(to, isControl(next) ? 0x20 : next);
      at += 2;
      continue;
    }
    const unit = hexUnit(at + 2, end);
    if (unit === NOT_HEX) {
      to = put(to, code);
      at++;
      continue;
    }
    at += 6;
    const isHigh = unit >> 10 === 0x36;
    const isPair = isHigh && at + 1 < end && <u32>load<u8>(at) === BACKSLASH && (load<u8>(at + 1) | 0x20) === 0x75;
    const second = isPair ? hexUnit(at + 2, end) : NOT_HEX;
    if (second !== NOT_HEX && second >> 10 === 0x37) {
      to = putCharacter(to, ((unit & 0x3ff) << 10) + (second & 0x3ff) + 0x10000);
      at += 6;
    } else to = putCharacter(to, unit >> 11 === 0x1b ? 0xfffd : unit);
  }
  return to;
}

/** `\b \f \n \r \t` */
function isControl(code: u32): boolean {
  return code === 0x62 || code === 0x66 || code === 0x6e || code === 0x72 || code === 0x74;
}

function hexUnit(at: usize, end: usize): u32 {
  if (at + 4 > end) return NOT_HEX;
  let unit: u32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const digit = hexDigit(load<u8>(at + i));
    if (digit > 15) return NOT_HEX;
    unit = (unit << 4) | digit;
  }
  return unit;
}

/** A code point as UTF-8. */
function putCharacter(at: usize, code: u32): usize {
  if (code < 0x80) return put(at, code);
  let to = at;
  if (code < 0x800) to = put(to, 0xc0 | (code >> 6));
  else {
    if (code < 0x10000) to = put(to, 0xe0 | (code >> 12));
    else {
      to = put(to, 0xf0 | (code >> 18));
      to = put(to, 0x80 | ((code >> 12) & 0x3f));
    }
    to = put(to, 0x80 | ((code >> 6) & 0x3f));
  }
  return put(to, 0x80 | (code & 0x3f));
}

/** `\xHH` as Zeek, nginx and Apache write it. */
export function undoHex(start: usize, end: usize): usize {
  let to = start;
  for (let at = start; at < end;) {
    const isEscape = at + 4 <= end && load<u16>(at) === 0x785c;
    const byte = isEscape ? hexByte(at + 2) : NOT_HEX;
    to = put(to, byte === NOT_HEX ? load<u8>(at) : byte);
    at += byte === NOT_HEX ? 1 : 4;
  }
  return to;
}

/** `#ooo` as syslog servers write control characters. */
export function undoSyslog(start: usize, end: usize): usize {
  let to = start;
  for (let at = start; at < end;) {
    const isEscape = at + 4 <= end && <u32>load<u8>(at) === NUMBER_SIGN;
    const byte = isEscape ? octalControl(at + 1) : NOT_HEX;
    to = put(to, byte === NOT_HEX ? load<u8>(at) : byte);
    at += byte === NOT_HEX ? 1 : 4;
  }
  return to;
}

/** A control character by its three octal digits. */
function octalControl(at: usize): u32 {
  const first = <u32>load<u8>(at) - 0x30;
  const second = <u32>load<u8>(at + 1) - 0x30;
  const third = <u32>load<u8>(at + 2) - 0x30;
  if (first > 1 || second > 7 || third > 7) return NOT_HEX;
  const code = (first << 6) | (second << 3) | third;
  return code < 0x20 || code === 0x7f ? code : NOT_HEX;
}

/** `%HH` (RFC 3986 §2.1). */
export function undoPercent(start: usize, end: usize): usize {
  let to = start;
  for (let at = start; at < end;) {
    const isEscape = at + 3 <= end && <u32>load<u8>(at) === 0x25;
    const byte = isEscape ? hexByte(at + 1) : NOT_HEX;
    to = put(to, byte === NOT_HEX ? load<u8>(at) : byte);
    at += byte === NOT_HEX ? 1 : 3;
  }
  return to;
}

function hexByte(at: usize): u32 {
  const high = hexDigit(load<u8>(at));
  const low = hexDigit(load<u8>(at + 1));
  return high > 15 || low > 15 ? NOT_HEX : (high << 4) | low;
}
