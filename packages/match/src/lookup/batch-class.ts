import { assert } from "@detente/basics";

/** How many elements a request carries: nothing else about the number of questions leaves the asker. */
export const BATCH_CLASSES: readonly number[] = [1, 16, 64, 256, 1024];

export const MAX_BATCH = 1024;

/** The smallest class that so many questions fit into. */
export function batchClass(questions: number): number {
  const found = BATCH_CLASSES.find((size) => size >= questions);
  assert(found !== undefined && questions > 0, `a request asks 1 to ${MAX_BATCH} questions`);
  return found;
}
