/**
 * What each byte of a text is, as bits: 64 bytes of text are a record of words. Classes come from two look-ups by
 * nibble (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, §3.1.2): a byte has a class's bit if both
 * of its nibbles have it.
 */

/** A record's words, in bytes from its start. */
export const TOKEN: usize = 0;
export const DOT: usize = 8;
/** Token characters that no number has. */
export const LETTER: usize = 16;
export const HIGH: usize = 24;
export const NEWLINE: usize = 32;
/** Where a disguise or a character beyond ASCII may begin. */
export const ODD: usize = 40;
/** Colons that an IPv6 address may have: the second of two, and those of a dense row. */
export const COLON: usize = 48;
export const RECORD: usize = 56;

const DOT_BYTE: i8 = 0x2e;
const LOW_NIBBLE: i8 = 0x0f;
/** Classes of letters, digits, hyphen and dot, and underscore. */
const IS_TOKEN: i8 = 0x1f;
const IS_LETTER: i8 = 0x13;
/** `[` and `{`, the backslash, the percent sign; `(` and `#` fit into no class. */
const IS_ODD: i8 = -32;

/** The records of the text that is being read. */
export let records: usize = 0;
export let origin: usize = 0;

/** Goes on with the records of a text that was read before. */
export function useBitmaps(at: usize, start: usize): void {
  records = at;
  origin = start;
}

/** How many records a text has: its last run may end right behind it. */
export function recordCount(length: usize): usize {
  return (length >> 6) + 1;
}

/** Fills the records at `at` with what is in a text. */
export function classify(at: usize, start: usize, end: usize): void {
  useBitmaps(at, start);
  const low = i8x16(6, 7, 7, 7, 7, -121, 7, 7, 7, 7, 3, 33, 65, 9, 9, 17);
  const high = i8x16(0, 0, -120, 4, 1, 114, 1, 34, 0, 0, 0, 0, 0, 0, 0, 0);
  const nibble = i8x16.splat(LOW_NIBBLE);
  let colonsBefore: u64 = 0;
  let closeBefore: u64 = 0;
  const count = recordCount(end - start);
  for (let i: usize = 0; i < count; i++) {
    const from = start + (i << 6);
    const record = at + i * RECORD;
    let token: u64 = 0;
    let dot: u64 = 0;
    let letter: u64 = 0;
    let highs: u64 = 0;
    let newline: u64 = 0;
    let odd: u64 = 0;
    let colon: u64 = 0;
    for (let part: u64 = 0; part < 64; part += 16) {
      const bytes = v128.load(from + <usize>part);
      const classes = v128.and(i8x16.swizzle(low, v128.and(bytes, nibble)), i8x16.swizzle(high, i8x16.shr_u(bytes, 4)));
      const none = i8x16.splat(0);
      token |= maskOf(i8x16.ne(v128.and(classes, i8x16.splat(IS_TOKEN)), none)) << part;
      letter |= maskOf(i8x16.ne(v128.and(classes, i8x16.splat(IS_LETTER)), none)) << part;
      const others = v128.or(i8x16.eq(bytes, i8x16.splat(0x28)), i8x16.eq(bytes, i8x16.splat(0x23)));
      odd |= maskOf(v128.or(i8x16.ne(v128.and(classes, i8x16.splat(IS_ODD)), none), others)) << part;
      dot |= maskOf(i8x16.eq(bytes, i8x16.splat(DOT_BYTE))) << part;
      newline |= maskOf(i8x16.eq(bytes, i8x16.splat(0x0a))) << part;
      colon |= maskOf(i8x16.eq(bytes, i8x16.splat(0x3a))) << part;
      highs |= maskOf(bytes) << part;
    }
    const left = end - from;
    const inside = left >= 64 ? ~(<u64>0) : ((<u64>1) << left) - 1;
    colon &= inside;
    highs &= inside;
    const close = colonsClose(colon, colonsBefore);
    const isDense = popcnt(close) + popcnt(closeBefore) >= 5;
    const doubled = colon & ((colon << 1) | (colonsBefore >> 63));
    store<u64>(record, (token | highs) & inside, TOKEN);
    store<u64>(record, dot & inside, DOT);
    store<u64>(record, (letter | highs) & inside, LETTER);
    store<u64>(record, highs, HIGH);
    store<u64>(record, newline & inside, NEWLINE);
    store<u64>(record, (odd & inside) | (highs & ~(highs << 1)), ODD);
    store<u64>(record, isDense ? close | doubled : doubled, COLON);
    colonsBefore = colon;
    closeBefore = close;
  }
}

/**
 * Colons with another one at most five bytes before them. An address without `::` has at least six such colons in 64
 * bytes; times and MAC addresses have fewer.
 */
function colonsClose(colon: u64, before: u64): u64 {
  let near: u64 = 0;
  for (let by: u64 = 1; by <= 5; by++) near |= (colon << by) | (before >> (64 - by));
  return colon & near;
}

function maskOf(bytes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(bytes));
}

/** Up to 64 bits of a bitmap from an offset in the text on. */
export function bitsAt(bitmap: usize, offset: usize, count: u64): u64 {
  const record = records + (offset >> 6) * RECORD;
  const shift = <u64>offset & 63;
  let bits = load<u64>(record + bitmap) >> shift;
  if (shift + count > 64) bits |= load<u64>(record + RECORD + bitmap) << (64 - shift);
  return count === 64 ? bits : bits & (((<u64>1) << count) - 1);
}
