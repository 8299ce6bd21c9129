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
  let carryMark = strange;
  let lastDot = endsInDot;
  let before = runBefore;
  const least = <u64>shortest;
  const isShort = <u32>(least < PROBABLE);
  const end = bitmaps + (to << 3);
  let base = <u32>from << 6;
  for (let word = bitmaps + (from << 3); word < end; word += 8, base += 64) {
    const token = load<u64>(word, TOKEN);
    const dot = load<u64>(word, DOT);
    const letter = load<u64>(word, LETTER);
    const gaps = ~token;

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

    let name = sum & sumLetter & gaps;
    const number = sum3 & ~sumLetter & gaps;
    // A long run from the word before; those of a whole word reach into the next one.
    const lead = ctz(gaps);
    const isWhole = lead === 64;
    let other = <u64>(<u32>(before + lead >= least) & <u32>!isWhole) << lead;
    before = isWhole ? before + 64 : clz(gaps);
    if ((<u32>(probablyLong(token) !== 0) | isShort) !== 0) other |= longEnds(token, least);
    // Bytes beyond ASCII and empty labels.
    const mark = load<u64>(word, HIGH) | (dot & ((dot << 1) | lastDot));
    lastDot = dot >> 63;
    if ((mark | carryMark) !== 0) {
      const sumMark = token + mark + carryMark;
      carryMark = carryOf(token, mark, sumMark);
      name &= ~sumMark;
      other |= sumMark & gaps;
    }
    toNumbers = list(toNumbers, base, number);
    toNames = list(toNames, base, name);
    if (other !== 0) toOthers = list(toOthers, base, other);
  }
  dotted = carry;
  dotted2 = carry2;
  dotted3 = carry3;
  lettered = carryLetter;
  strange = carryMark;
  endsInDot = lastDot;
  runBefore = before;
  numberCount = <u32>(toNumbers - numbers) >> 2;
  nameCount = <u32>(toNames - names) >> 2;
  otherCount = <u32>(toOthers - others) >> 2;
}

/** What carries out of a sum of a run's bits, of some that are marked and of a carry. */
// @ts-ignore: a decorator of the compiler
@inline
function carryOf(run: u64, marks: u64, sum: u64): u64 {
  return (marks | (run & ~sum)) >> 63;
}

/** Appends the offsets of bits, two in any case: more are rare, and a loop for each word would be guessed wrong. */
// @ts-ignore: a decorator of the compiler
@inline
function list(to: usize, base: u32, bits: u64): usize {
  store<u32>(to, base + <u32>ctz(bits));
  let rest = bits & (bits - 1);
  store<u32>(to, base + <u32>ctz(rest), 4);
  rest &= rest - 1;
  if (rest !== 0) listRest(to + 8, base, rest);
  return to + (<usize>popcnt(bits) << 2);
}

function listRest(to: usize, base: u32, bits: u64): void {
  for (let at = to, rest = bits; rest !== 0; rest &= rest - 1, at += 4) store<u32>(at, base + <u32>ctz(rest));
}

/** As few have so many token characters that it pays to tell them first, in steps that need no loop. */
const PROBABLE: u64 = 24;

/** The places from which on there are 24 token characters. */
// @ts-ignore: a decorator of the compiler
@inline
function probablyLong(token: u64): u64 {
  const two = token & (token >> 1);
  const four = two & (two >> 2);
  const eight = four & (four >> 4);
  return eight & (eight >> 8) & (eight >> 16);
}

/** The ends within a word of runs that are long enough to be looked up whole. */
function longEnds(token: u64, least: u64): u64 {
  if (least >= 64) return 0;
  let places = token;
  for (let left = least; left > 1;) {
    const step = left >> 1;
    places &= places >> step;
    left -= step;
  }
  return (places & ~(places >> 1)) << least;
}
