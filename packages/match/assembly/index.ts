/** What the host calls; see `src/kernel/`. */
export { CAPACITY, decodeAll, encodeAll, INPUT, mapAll, OUTPUT, scaleAll, SCALARS } from "./batch";
export { invertAll, reduceAll, subtractOne } from "./scalar-batch";
export { addPoints, addToSum, clearSum, encodeSum } from "./sum";
