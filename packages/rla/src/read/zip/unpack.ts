/**
 * Unpacks deflated bytes (RFC 1951) with the platform's decompressor (WHATWG Compression Standard, `deflate-raw`), piece
 * by piece, so that what a small archive grows to is never in memory at once. Throws where they are not deflated bytes.
 */
export async function* unpackedBy(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  const writing = write(packed, writer);
  const reader = (readable as ReadableStream<Uint8Array>).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } finally {
    // Whoever has read enough leaves the rest unwritten; nobody else may read the packed bytes before that has ended.
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
    await writing;
  }
}

/** The reader learns of what goes wrong here. */
async function write(
  packed: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  try {
    for await (const piece of packed) await writer.write(piece);
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
  }
}
