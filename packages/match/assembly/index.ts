/** What the host calls; see `src/kernel/`. */
export { CAPACITY, clearAll, decodeAll, encodeAll, INPUT, mapAll, OUTPUT, points as POINTS, scaleAll, SCALARS } from "./batch";
export { encodeDoubled, halveScalars } from "./doubled";
export { addMultiples, buildTable } from "./fixed-base";
export { addMultiple } from "./split-base";
export { reduceAll, subtractOne } from "./scalar-batch";
export { sha512 } from "./sha512";
export { addPoints, addToSum, clearSum, encodeSums, keepSum } from "./sum";
