import { bitmaps, DOT, HIGH, LETTER, TOKEN } from "./bitmaps";
import { shortest } from "./state";

/** As many words of a text as are listed at once. */
export const GROUP: usize = 256;
/** Bytes of a list: every other byte of the text may be the end of a run, and a few are written ahead. */
const LIST: usize = GROUP * 32 * 4 + 64;
/** Bytes of all lists, and of two words for each run of one. */
export const LISTS: usize = 10 * LIST;

/**
 * The runs of token characters of some words that may be something, by where they end: those that may be IPv4
 * addresses, those that may be names, of these the ones of which the last two labels tell too little, and the others.
 * Offsets in the text, 32 bits each.
 */
export let numbers: usize = 0;
export let names: usize = 0;
export let longer: usize = 0;
export let others: usize = 0;
export let numberCount: u32 = 0;
export let nameCount: u32 = 0;
export let otherCount: u32 = 0;

/** What the run that reaches the end of the last word has so far: dots (one, two, three), letters, what is strange. */
let dotted: u64 = 0;
let dotted2: u64 = 0;
let dotted3: u64 = 0;
let lettered: u64 = 0;
let strange: u64 = 0;
/** Whether that word ends with a dot. */
let endsInDot: u64 = 0;
/** How long it is. */
let runBefore: u64 = 0;

/** What the runs of one list are on their way through its filter, and what the filter says: 64 bits each. */
export let hashes: usize = 0;
export let words: usize = 0;
export let texts: usize = 0;

/** Says where the lists are kept: `LISTS` bytes. */
export function useLists(at: usize): void {
  numbers = at;
  names = at + LIST;
  others = at + 2 * LIST;
  longer = at + 3 * LIST;
  hashes = at + 4 * LIST;
  words = at + 6 * LIST;
  texts = at + 8 * LIST;
}

export function beginRuns(): void {
  dotted = dotted2 = dotted3 = lettered = strange = endsInDot = runBefore = 0;
}

/**
 * Lists the runs that end in the text from a word to another one. Marks that are added to a run carry out of its end,
 * and a mark that meets a carry stays in the sum: so the second mark of a run is found without a loop, and the third.
 */
export function listRuns(from: usize, to: usize): void {
  let toNumbers = numbers;
  let toNames = names;
  let toOthers = others;
  let carry = dotted;
  let carry2 = dotted2;
  let carry3 = dotted3;
  let carryLetter = lettered;
  // Longer runs, and those of a whole word, reach into the next one.
  const hasLong = shortest < 64;
  for (let i = from; i < to; i++) {
    const word = bitmaps + (i << 3);
    const token = load<u64>(word, TOKEN);
    const dot = load<u64>(word, DOT);
    const letter = load<u64>(word, LETTER);
    const high = load<u64>(word, HIGH);

    const sum = token + dot + carry;
    carry = carryOf(token, dot, sum);
    const second = dot & sum;
    const sum2 = token + second + carry2;
    carry2 = carryOf(token, second, sum2);
    const third = second & sum2;
    const sum3 = token + third + carry3;
    carry3 = carryOf(token, third, sum3);
    const sumLetter = token + letter + carryLetter;
    carryLetter = carryOf(token, letter, sumLetter);

    let name = sum & sumLetter & ~token;
    const number = sum3 & ~sumLetter & ~token;
    let other = longEnds(token, hasLong);
    // Bytes beyond ASCII and empty labels.
    const mark = high | (dot & ((dot << 1) | endsInDot));
    endsInDot = dot >> 63;
    if ((mark | strange) !== 0) {
      const sumMark = token + mark + strange;
      strange = carryOf(token, mark, sumMark);
      name &= ~sumMark;
      other |= sumMark & ~token;
    }
    const base = <u32>i << 6;
    toNumbers = list(toNumbers, base, number);
    toNames = list(toNames, base, name);
    if (other !== 0) toOthers = list(toOthers, base, other);
  }
  dotted = carry;
  dotted2 = carry2;
  dotted3 = carry3;
  lettered = carryLetter;
  numberCount = <u32>(toNumbers - numbers) >> 2;
  nameCount = <u32>(toNames - names) >> 2;
  otherCount = <u32>(toOthers - others) >> 2;
}

/** What carries out of a sum of two words and a carry. */
// @ts-ignore: a decorator of the compiler
@inline
function carryOf(a: u64, b: u64, sum: u64): u64 {
  return ((a & b) | ((a | b) & ~sum)) >> 63;
}

/** Appends the offsets of bits, two in any case: more are rare, and a loop for each word would be guessed wrong. */
// @ts-ignore: a decorator of the compiler
@inline
function list(to: usize, base: u32, bits: u64): usize {
  store<u32>(to, base + <u32>ctz(bits));
  let rest = bits & (bits - 1);
  store<u32>(to, base + <u32>ctz(rest), 4);
  rest &= rest - 1;
  for (let at = to + 8; rest !== 0; rest &= rest - 1, at += 4) store<u32>(at, base + <u32>ctz(rest));
  return to + (<usize>popcnt(bits) << 2);
}

/** The ends of runs that are long enough to be looked up whole. */
// @ts-ignore: a decorator of the compiler
@inline
function longEnds(token: u64, hasLong: boolean): u64 {
  const lead = ctz(~token);
  const isLong = runBefore !== 0 && lead < 64 && runBefore + lead >= shortest;
  runBefore = lead === 64 ? runBefore + 64 : clz(~token);
  const ends = isLong ? (<u64>1) << lead : 0;
  if (!hasLong) return ends;
  const places = eroded(token);
  return ends | ((places & ~(places >> 1)) << shortest);
}

/** The places from which on there are as many token characters as a long run has. */
function eroded(token: u64): u64 {
  let places = token;
  for (let left = <u64>shortest; left > 1 && places !== 0;) {
    const step = left >> 1;
    places &= places >> step;
    left -= step;
  }
  return places;
}
