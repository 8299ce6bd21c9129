/** What the host calls; see `src/kernel/`. */
export { CAPACITY, decodeAll, encodeAll, INPUT, mapAll, OUTPUT, points as POINTS, scaleAll, SCALARS } from "./batch";
export { encodeDoubled, halveScalars } from "./doubled";
export { addMultiples, buildTable } from "./fixed-base";
export { addMultiple } from "./split-base";
export { reduceAll, subtractOne } from "./scalar-batch";
export { sha512 } from "./sha512";
export { encodeSums, keepSum, splitFirst, sumOfSplit } from "./split";
export { addToSum, clearSum, encodeSum } from "./sum";
