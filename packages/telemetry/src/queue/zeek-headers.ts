import { ZeekHeader } from "../content/zeek-header.ts";

/**
 * The header lines of Zeek's tab-separated logs that are in force at each of the cuts. A file may have been put together
 * from several, each with a header of its own, so all of it is looked through up to the last cut.
 * @param chunks the file from its beginning
 * @param cuts ascending offsets of line starts
 * @returns a header for each cut; undefined where some header cannot be told to workers: the file must stay in one piece
 */
export async function zeekHeaders(
  chunks: AsyncIterable<Uint8Array>,
  cuts: readonly number[],
): Promise<string[] | undefined> {
  const header = new ZeekHeader(undefined, "anywhere");
  const headers: string[] = [];
  let base = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let cut = cuts[headers.length]; cut !== undefined && cut <= base + chunk.length; cut = cuts[headers.length]) {
      header.push(chunk.subarray(from, cut - base));
      from = cut - base;
      headers.push(header.text());
    }
    if (!header.isPlain) return undefined;
    if (headers.length === cuts.length) return headers;
    header.push(chunk.subarray(from));
    base += chunk.length;
  }
  while (headers.length < cuts.length) headers.push(header.text());
  return header.isPlain ? headers : undefined;
}
