/** A small seeded generator (mulberry32): the same seed gives the same weather, so a failing test can be run again. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Seeded bytes: keys and salts of test parties. Never for real keys. */
export function seededBytes(seed: number): (length: number) => Uint8Array {
  const next = mulberry32(seed);
  return (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256));
}
