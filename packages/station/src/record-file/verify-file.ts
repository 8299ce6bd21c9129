import type { Bytes, Result } from "@detente/basics";
import { type BundleFault, type BundleReport, verifyBundle, verifyPacked } from "@detente/unit";
import { packOnThread } from "./pack-thread.ts";

/** Bytes that are verified before a thread has started. */
const SMALL = 4 * 1024 * 1024;

/**
 * As `verifyBundle`, on two threads: one reads the lines and digests them, this one judges what they say together. The
 * report is the same. Throws what reading the file throws.
 * @param small bytes up to which a file is not worth a thread; the default is best but for tests
 */
export async function verifyRecordFile(
  file: AsyncIterable<Bytes>,
  unit?: string,
  small: number = SMALL,
): Promise<Result<BundleReport, BundleFault>> {
  const chunks = file[Symbol.asyncIterator]();
  const first: Bytes[] = [];
  let length = 0;
  while (length <= small) {
    const next = await chunks.next();
    if (next.done === true) return verifyBundle(first, unit);
    first.push(next.value);
    length += next.value.length;
  }
  return verifyPacked(packOnThread(followedBy(first, chunks)), unit);
}

async function* followedBy(first: readonly Bytes[], rest: AsyncIterator<Bytes>): AsyncGenerator<Bytes, void, void> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
