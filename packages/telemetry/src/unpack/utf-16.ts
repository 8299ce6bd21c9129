/** An encoding as TextDecoder names it. */
type Utf16 = "utf-16le" | "utf-16be";

/**
 * Tells UTF-16, as Windows' tools write logs, by the first four bytes: a byte order mark and a character, or two
 * characters. They have to be ASCII, as those of logs are: else whoever can write the mark into a log's first line would
 * have all that follows read as something that it is not.
 */
export function utf16Of(first: Uint8Array): Utf16 | undefined {
  if (first.length < 4) return undefined;
  const [a, b, c, d] = first as unknown as readonly [number, number, number, number];
  if (isText(c) && d === 0 && ((a === 0xff && b === 0xfe) || (isText(a) && b === 0))) return "utf-16le";
  if (c === 0 && isText(d) && ((a === 0xfe && b === 0xff) || (a === 0 && isText(b)))) return "utf-16be";
  return undefined;
}

/** Bytes of UTF-16 as bytes of UTF-8, without the mark; half a character becomes U+FFFD. */
export async function* utf8Of(encoding: Utf16, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield encoder.encode(text);
  }
  const rest = decoder.decode();
  if (rest !== "") yield encoder.encode(rest);
}

function isText(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 0x09 || code === 0x0a || code === 0x0d;
}
