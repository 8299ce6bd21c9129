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

const SCREENING = new Set([
  "@detente/basics",
  "@detente/intel/canonical",
  "@detente/intel/time",
  "@detente/record/vocabulary",
  "@detente/screen",
]);

/**
 * What is started often, for each command and each thread, and the only modules of other packages that it loads at
 * once, directly or by what it imports: none that compiles schemas, and no more of ours than it needs.
 * @type {Readonly<Record<string, ReadonlySet<string>>>}
 */
export const LIGHT_STARTS = {
  "apps/cli/src/main.ts": new Set([
    "@stricli/core",
    "@detente/basics/canonical-json",
    "@detente/intel/block-formats",
    "@detente/intel/text",
    "@detente/intel/time",
    "@detente/intel/uuid",
    "@detente/record/audience",
    "@detente/record/vocabulary",
    "@detente/screen/hit",
    "@detente/station/vocabulary",
    "@detente/telemetry/limits",
    "@detente/telemetry/size-text",
  ]),
  "packages/telemetry/src/engine/worker.ts": SCREENING,
  "packages/telemetry/src/thread/worker.ts": SCREENING,
  "packages/station/src/matching/worker.ts": new Set([
    "@detente/basics",
    "@detente/intel/canonical",
    "@detente/match",
    "@detente/tlog",
    "libsodium-wrappers-sumo",
  ]),
};
