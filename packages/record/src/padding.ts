import { MAX_BODY_BYTES } from "./limits.ts";

const SMALLEST_CLASS = 512;

/** The size that a sealed body of `size` bytes is padded to: the next power of two, at least 512. */
export function sizeClass(size: number): number {
  let padded = SMALLEST_CLASS;
  while (padded < size) padded *= 2;
  return padded;
}

/** Whether a sealed body may have this size; any other would tell more about the content than its class. */
export function isSizeClass(size: number): boolean {
  return size <= MAX_BODY_BYTES && sizeClass(size) === size;
}
