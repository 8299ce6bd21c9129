/** Whether a text is UTF-8 (RFC 3629 §4): no overlong forms, no surrogates, nothing above U+10FFFF. */
export function isUtf8(start: usize, end: usize): boolean {
  for (let at = start; at < end;) {
    const lead = <u32>load<u8>(at);
    if (lead < 0x80) {
      at++;
      continue;
    }
    const length: usize = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > end || !isSecond(lead, load<u8>(at + 1))) return false;
    for (let i: usize = 2; i < length; i++) if ((<u32>load<u8>(at + i) & 0xc0) !== 0x80) return false;
    at += length;
  }
  return true;
}

function isSecond(lead: u32, code: u32): boolean {
  const least: u32 = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most: u32 = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return code >= least && code <= most;
}
