import { utf8Decode } from "@detente/basics";
import { sizeText } from "@detente/telemetry";
import { Trouble } from "./trouble.ts";

/**
 * Cuts bytes into lines of text at line feeds. A line that is not UTF-8 comes as an empty one: what needs a line of
 * some form finds none.
 * @param limit bytes of one line
 */
export async function* textLines(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let length = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield utf8Decode(Buffer.concat([...pending, chunk.subarray(from, end)])) ?? "";
      pending = [];
      length = 0;
      number++;
      from = end + 1;
    }
    length += chunk.length - from;
    if (length > limit)
      throw new Trouble(`${name}:${number}`, `the line is longer than ${sizeText(limit)}`, "this is no file of ours");
    if (from < chunk.length) pending.push(chunk.subarray(from).slice());
  }
  if (length > 0) yield utf8Decode(Buffer.concat(pending)) ?? "";
}
