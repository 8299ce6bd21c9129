import { findIpv4, findPlainIpv4 } from "./addresses";
import { bitsAt, DOT, HIGH, LETTER, origin, runStart } from "./bitmaps";
import { findExact, findName } from "./names";
import { shortest } from "./state";
import { findUnicode } from "./unicode";

const DOT_BYTE: u32 = 0x2e;

/** Looks at the run of token characters that ends before an offset of the text, and that no filter has dismissed. */
export function findRun(end: usize): void {
  const start = runStart(end);
  const length = <u64>(end - start);
  if (length > 64) return findAnyRun(origin + start, origin + end);
  const dots = bitsAt(DOT, start, length);
  const letters = bitsAt(LETTER, start, length);
  if (letters !== 0 && bitsAt(HIGH, start, length) !== 0) return findUnicode(origin + start, origin + end);
  if (length >= shortest) findExact(origin + start, origin + end);
  if (dots === 0) return;
  if ((dots & (dots >> 1)) !== 0) return findParts(origin + start, origin + end);
  if (letters === 0) {
    if (popcnt(dots) === 3 && length <= 15) findPlainIpv4(origin + start, dots, <u32>length);
    else if (popcnt(dots) >= 3) findTrimmed(origin + start, origin + end, true);
    return;
  }
  findTrimmed(origin + start, origin + end, false);
}

/** The same for a run of any length, byte by byte. */
function findAnyRun(start: usize, end: usize): void {
  for (let at = start; at < end; at++) if (load<u8>(at) >= 0x80) return findUnicode(start, end);
  findAsciiRun(start, end);
}

export function findAsciiRun(start: usize, end: usize): void {
  if (end - start >= shortest) findExact(start, end);
  findParts(start, end);
}

/** Empty labels end a name: the stretches between them are looked at each by itself. */
function findParts(start: usize, end: usize): void {
  let isNumeric = true;
  for (let at = start; at < end; at++) isNumeric = isNumeric && isNumberCode(load<u8>(at));
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && !(<u32>load<u8>(to) === DOT_BYTE && (to + 1 === end || <u32>load<u8>(to + 1) === DOT_BYTE)))
      to++;
    findTrimmed(from, to, isNumeric);
    from = to + 1;
  }
}

function findTrimmed(start: usize, end: usize, isNumeric: boolean): void {
  let from = start;
  let to = end;
  while (from < to && <u32>load<u8>(from) === DOT_BYTE) from++;
  while (from < to && <u32>load<u8>(to - 1) === DOT_BYTE) to--;
  if (from === to) return;
  if (isNumeric) findIpv4(from, to);
  else findName(from, to);
}

function isNumberCode(code: u32): boolean {
  return code - 0x30 < 10 || code === 0x2d || code === DOT_BYTE;
}
