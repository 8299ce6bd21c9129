import { type Bytes, sha256, toHex } from "@detente/basics";
import { MAX_LINE, parseBundleLine } from "./bundle-format.ts";
import { LineCutter } from "./bundle-lines.ts";

const BLOB = 0x62;
/** Where the name of a line's only member begins: `{"blob":…`. */
const NAME_AT = 2;

/**
 * The blobs of a record file that have one of these digests, by digest in hexadecimal. The file is verified apart, by
 * `verifyBundle`; a blob is what its digest says, wherever it stands.
 */
export async function bundleBlobs(
  file: Iterable<Bytes> | AsyncIterable<Bytes>,
  digests: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Bytes>> {
  const blobs = new Map<string, Bytes>();
  const cutter = new LineCutter(MAX_LINE);
  const read = (line: Bytes | undefined): void => {
    // Bodies begin with a b as well, and are read in vain; they are few beside entries.
    if (line?.[NAME_AT] !== BLOB) return;
    const parsed = parseBundleLine(line);
    if (!parsed.ok || parsed.value.form !== "blob") return;
    const digest = toHex(sha256(parsed.value.bytes));
    if (digests.has(digest)) blobs.set(digest, parsed.value.bytes);
  };
  for await (const chunk of file) for (const line of cutter.push(chunk)) read(line);
  for (const line of cutter.end()) read(line);
  return blobs;
}
