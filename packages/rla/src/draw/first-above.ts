/** The place of the first running sum that is larger than a number; the last where rounding has left none. */
export function firstAbove(ends: ArrayLike<number>, number: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
