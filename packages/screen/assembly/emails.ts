import { markHit, textStart } from "./candidate";
import { TAG_EMAIL, TAG_EMAIL_DOMAIN } from "./layout";
import { find } from "./table";

const MAX_LOCAL: usize = 64;

/** Looks for the address that a name behind an `@` belongs to: every local part that may end before it. */
export function findEmail(name: usize, end: usize): void {
  if (find(TAG_EMAIL_DOMAIN, name, <u32>(end - name)) === 0) return;
  const at = name - 1;
  let start = at;
  let mayBeDisguised = false;
  while (start > textStart && at - start <= MAX_LOCAL && isLocal(load<u8>(start - 1))) {
    start--;
    mayBeDisguised = mayBeDisguised || isScheme(load<u8>(start), load<u8>(start + 1));
  }
  if (mayBeDisguised) return markHit();
  for (let from = start; from < at; from++) {
    if (from !== start && !isOpening(load<u8>(from - 1))) continue;
    if (find(TAG_EMAIL, from, <u32>(end - from)) !== 0) return markHit();
  }
}

/** Of `hxxp`, `h**p` and `fxp`, which this text still has and the walker's has not. */
export function isScheme(code: u32, next: u32): boolean {
  return (next | 0x20) === 0x70 && ((code | 0x20) === 0x78 || code === 0x2a);
}

/** atext and the dot of RFC 5322 §3.2.3. */
function isLocal(code: u32): boolean {
  return isOf(0xa3ffecfa00000000, 0x7fffffffc7fffffe, code);
}

/** Those of them that rather stand before an address than in it. */
function isOpening(code: u32): boolean {
  return isOf(0xa00084fa00000000, 0x7800000140000000, code);
}

/** Whether an ASCII character is in a set of two words of bits. */
function isOf(low: u64, high: u64, code: u32): boolean {
  return code < 128 && (((code < 64 ? low : high) >> (code & 63)) & 1) !== 0;
}
