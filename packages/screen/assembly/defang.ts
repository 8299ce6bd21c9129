/**
 * Defanged spellings, undone as the walker undoes them, but for schemes (`hxxp`): those stand before a colon or a
 * bracket and matter to names only that end in `http` or `ftp`.
 * @returns where the text now ends
 */
export function undoDefanging(start: usize, end: usize): usize {
  let to = start;
  for (let at = start; at < end;) {
    const length = defangedLength(at, end);
    if (length === 0) {
      store<u8>(to++, load<u8>(at++));
      continue;
    }
    const meaning = <u32>load<u8>(at + 1);
    const letter = meaning | 0x20;
    store<u8>(to++, letter === 0x64 ? 0x2e : letter === 0x61 ? 0x40 : meaning);
    if (length === 5 && meaning === 0x3a) {
      store<u16>(to, 0x2f2f);
      to += 2;
    }
    at += length;
  }
  return to;
}

/** Bytes of the defanged spelling at a place; 0 if there is none. */
function defangedLength(at: usize, end: usize): usize {
  const open = <u32>load<u8>(at);
  if (at + 1 >= end) return 0;
  const inner = <u32>load<u8>(at + 1);
  if (open === 0x5c) return inner === 0x2e ? 2 : 0;
  const close: u32 = open === 0x5b ? 0x5d : open === 0x28 ? 0x29 : open === 0x7b ? 0x7d : 0;
  if (close === 0) return 0;
  if (inner === 0x2e || inner === 0x40 || inner === 0x3a || (inner === 0x2f && open === 0x5b)) {
    if (at + 3 <= end && <u32>load<u8>(at + 2) === close) return 3;
    const isScheme = inner === 0x3a && open !== 0x7b && at + 5 <= end && load<u16>(at + 2) === 0x2f2f;
    return isScheme && <u32>load<u8>(at + 4) === close ? 5 : 0;
  }
  const letter = inner | 0x20;
  if (letter === 0x61 && at + 4 <= end) {
    return (<u32>load<u8>(at + 2) | 0x20) === 0x74 && <u32>load<u8>(at + 3) === close ? 4 : 0;
  }
  if (letter !== 0x64 || at + 5 > end) return 0;
  const isDot = (<u32>load<u8>(at + 2) | 0x20) === 0x6f && (<u32>load<u8>(at + 3) | 0x20) === 0x74;
  return isDot && <u32>load<u8>(at + 4) === close ? 5 : 0;
}
