/**
 * Classes of bytes, by two look-ups by nibble (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019,
 * §3.1.2): a byte has a class's bit if both of its nibbles have it.
 */

/** Classes of letters, digits, hyphen and dot, and underscore. */
export const IS_TOKEN: i8 = 0x1f;
export const IS_LETTER: i8 = 0x13;
/** `[` and `{`; the backslash; `#`, `%` and `(`. */
const IS_ODD: i8 = -32;

// @ts-ignore: a decorator of the compiler
@inline
export function classesOf(bytes: v128): v128 {
  const low = i8x16(6, 7, 7, -121, 7, -121, 7, 7, -121, 7, 3, 33, 65, 9, 9, 17);
  const high = i8x16(0, 0, -120, 4, 1, 114, 1, 34, 0, 0, 0, 0, 0, 0, 0, 0);
  const nibble = i8x16.splat(0x0f);
  // A shift by words is one instruction where one by bytes is several.
  const upper = v128.and(i16x8.shr_u(bytes, 4), nibble);
  return v128.and(i8x16.swizzle(low, v128.and(bytes, nibble)), i8x16.swizzle(high, upper));
}

/** Which bytes have one of some classes. */
// @ts-ignore: a decorator of the compiler
@inline
export function within(a: v128, b: v128, c: v128, d: v128, classes: i8): u64 {
  const some = i8x16.splat(classes);
  const none = i8x16.splat(0);
  return ~mask(
    i8x16.eq(v128.and(a, some), none),
    i8x16.eq(v128.and(b, some), none),
    i8x16.eq(v128.and(c, some), none),
    i8x16.eq(v128.and(d, some), none),
  );
}

/** Which bytes of a text, of these classes, a disguise may begin with: before a quotation mark, as in JSON, begins none. */
// @ts-ignore: a decorator of the compiler
@inline
export function oddities(text: usize, a: v128, b: v128, c: v128, d: v128): u64 {
  return ~mask(notOdd(text, a), notOdd(text + 16, b), notOdd(text + 32, c), notOdd(text + 48, d));
}

/** Whether of bytes with these classes, taken together, any may be one. */
// @ts-ignore: a decorator of the compiler
@inline
export function hasOddity(classes: v128): boolean {
  return v128.any_true(v128.and(classes, i8x16.splat(IS_ODD)));
}

// @ts-ignore: a decorator of the compiler
@inline
function notOdd(text: usize, classes: v128): v128 {
  const isOther = i8x16.eq(v128.and(classes, i8x16.splat(IS_ODD)), i8x16.splat(0));
  return v128.or(isOther, i8x16.eq(v128.load(text, 1), i8x16.splat(0x22)));
}

// @ts-ignore: a decorator of the compiler
@inline
export function equals(a: v128, b: v128, c: v128, d: v128, byte: i8): u64 {
  const same = i8x16.splat(byte);
  return mask(i8x16.eq(a, same), i8x16.eq(b, same), i8x16.eq(c, same), i8x16.eq(d, same));
}

/** The highest bits of 64 bytes. */
// @ts-ignore: a decorator of the compiler
@inline
export function mask(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u64>(<u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16)));
  return low | (<u64>(<u32>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16))) << 32);
}
