import { markHit, textStart } from "./candidate";
import { hasTop } from "./hash";
import { HAS_BARE_HOSTS, HAS_EMAILS, HAS_IDN_HOSTS, HAS_URLS } from "./layout";
import { findAsciiRun } from "./runs";
import { flags } from "./state";

const DOT: u32 = 0x2e;

/**
 * Looks at a run with bytes beyond ASCII. Its ASCII stretches are looked at as runs of their own. What an
 * internationalised name maps to (UTS 46) only the walker knows: here it is enough that the run may end in the last
 * label of some name in the index.
 */
export function findUnicode(start: usize, end: usize): void {
  for (let from = start; from < end;) {
    let to = from;
    while (to < end && <u32>load<u8>(to) < 0x80) to++;
    if (to > from) findAsciiRun(from, to);
    from = to + 1;
  }
  if ((flags & HAS_BARE_HOSTS) !== 0 || isAfterMark(start)) return markHit();
  for (let at = start; at < end;) {
    const dot = dotLength(at, end);
    if (dot === 0) at++;
    else {
      at += dot;
      if (mayBeLast(at, end)) return markHit();
    }
  }
}

/** Behind `@` and `://` the walker takes all of the run for a host. */
function isAfterMark(start: usize): boolean {
  if (start <= textStart) return false;
  const before = <u32>load<u8>(start - 1);
  if (before === 0x40) return (flags & (HAS_EMAILS | HAS_URLS)) !== 0;
  return (flags & HAS_URLS) !== 0 && before === 0x2f && start > textStart + 1 && <u32>load<u8>(start - 2) === 0x2f;
}

/** Bytes of a dot by UTS 46: the full stop, U+3002, U+FF0E, U+FF61; 0 if none is there. */
function dotLength(at: usize, end: usize): usize {
  if (<u32>load<u8>(at) === DOT) return 1;
  if (end - at < 3) return 0;
  const three = load<u32>(at) & 0xffffff;
  return three === 0x8280e3 || three === 0x8ebcef || three === 0xa1bdef ? 3 : 0;
}

/** Whether a name may end with the label here: it is a last label of the index, or not ASCII alone. */
function mayBeLast(start: usize, end: usize): boolean {
  let to = start;
  while (to < end && <u32>load<u8>(to) < 0x80 && <u32>load<u8>(to) !== DOT) to++;
  if (to < end && <u32>load<u8>(to) >= 0x80 && !isPunctuation(to, end) && (dotLength(to, end) === 0 || to === start))
    return true;
  return to > start && hasTop(start, <u32>(to - start));
}

/** U+2010 to U+2027 and the no-break space end a name. */
function isPunctuation(at: usize, end: usize): boolean {
  if ((flags & HAS_IDN_HOSTS) !== 0) return false;
  const second = at + 1 < end ? <u32>load<u8>(at + 1) : 0;
  if (<u32>load<u8>(at) === 0xc2) return second === 0xa0;
  if (<u32>load<u8>(at) !== 0xe2 || second !== 0x80 || at + 2 >= end) return false;
  const third = <u32>load<u8>(at + 2);
  return third >= 0x90 && third <= 0xa7;
}
