import type { MatchThreads } from "../matching/threads.ts";

/** Elements that a thread does at once: some 0.3 s, so that a look-up never waits long for a meeting. */
export const PART = 4096;

/**
 * Does the work on a list in parts, no more at once than there are threads, so that others' orders come in between.
 * @param run does the elements from `from` to before `to`
 * @param onDone is told how many elements are done
 * @returns what `run` gave, in order
 */
export async function inParts<T>(
  threads: Pick<MatchThreads, "width">,
  count: number,
  size: number,
  run: (from: number, to: number) => Promise<T>,
  onDone: (done: number) => void,
): Promise<T[]> {
  const parts = Math.ceil(count / size);
  const results: T[] = [];
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    while (next < parts) {
      const part = next++;
      const [from, to] = [size * part, Math.min(count, size * (part + 1))];
      results[part] = await run(from, to);
      done += to - from;
      onDone(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads.width, parts) }, work));
  return results;
}
