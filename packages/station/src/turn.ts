/** Lets whoever waits go first: to be awaited now and then in work that would else hold up everybody. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
