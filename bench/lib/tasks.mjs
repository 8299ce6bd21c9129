/** @typedef {{ quick: boolean, dir: string | undefined, keep: boolean }} Options */
/** @typedef {(options: Options) => Promise<import("./report.mjs").Row[]>} Suite */

// Each is imported when it runs: where memory is measured, that of other suites' dependencies would be measured, too.

/** @type {Record<string, Suite>} */
export const SUITES = {
  append: async (options) => (await import("../suites/append.mjs")).append(options),
  proof: async (options) => (await import("../suites/proof.mjs")).proof(options),
  record: async (options) => (await import("../suites/record.mjs")).record(options),
  witnessed: async (options) => (await import("../suites/witnessed.mjs")).witnessed(options),
  growth: async (options) => (await import("../suites/growth.mjs")).growth(options),
  screen: async (options) => (await import("../suites/screen.mjs")).screen(options),
  taxii: async (options) => (await import("../suites/taxii.mjs")).taxii(options),
  "hold-ups": async (options) => (await import("../suites/hold-ups.mjs")).holdUps(options),
  search: async (options) => (await import("../suites/search.mjs")).search(options),
  match: async (options) => (await import("../suites/match.mjs")).match(options),
  rla: async (options) => (await import("../suites/rla.mjs")).rla(options),
  cvr: async (options) => (await import("../suites/cvr.mjs")).cvr(options),
};

/** Everything that runs in a process of its own. @type {Record<string, (input: any) => Promise<unknown>>} */
export const TASKS = {
  ...SUITES,
  "build-image": async (input) => (await import("../suites/screen.mjs")).buildImage(input),
  "screen-logs": async (input) => (await import("../suites/screen.mjs")).screenLogs(input),
  "read-cvrs": async (input) => (await import("../suites/cvr.mjs")).readCvrFiles(input),
  "parse-json": async (input) => (await import("../suites/cvr.mjs")).parseJson(input),
  "match-sets": async (input) => (await import("../suites/match-sets.mjs")).matchSets(input),
  "match-station": async (input) => (await import("../suites/match-station.mjs")).matchStation(input),
  "append-for-count": async (input) => (await import("../suites/append.mjs")).appendForCount(input),
  "write-record": async (input) => (await import("../suites/record-file.mjs")).writeRecord(input),
  "verify-record": async (input) => (await import("../suites/record.mjs")).verifyRecord(input),
  "fold-record": async (input) => (await import("../suites/record.mjs")).foldRecord(input),
  "run-station": async (input) => (await import("../suites/witnessed-station.mjs")).runStation(input),
  "measure-witnessed": async (input) => (await import("../suites/witnessed-station.mjs")).measureWitnessed(input),
};
