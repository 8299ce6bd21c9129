/** The packages, lowest first: each imports only those before it. */
export const ORDER = [
  "basics",
  "tlog",
  "record",
  "store",
  "intel",
  "rla",
  "match",
  "screen",
  "telemetry",
  "unit",
  "station",
  "testnet",
];

/** They run in a browser too: no `node:` module. */
export const PORTABLE = new Set(["basics", "tlog", "record", "unit", "intel", "screen", "match", "rla"]);

/** Two stations must get the same from the same: no clock, no chance, nothing of the process around them. */
export const DETERMINISTIC = new Set(["basics", "tlog", "record", "unit", "match", "rla"]);

/** Of those, the ones whose inexact numbers are reports that no two stations must agree on: they may take logarithms. */
export const INEXACT = new Set(["rla"]);

/** Files of these packages that are the edge to Node on purpose; the rest of the package reaches them by condition. */
export const NODE_EDGES = new Set(["packages/basics/src/crypto/node.ts", "packages/basics/src/crypto/ml-dsa.ts"]);
