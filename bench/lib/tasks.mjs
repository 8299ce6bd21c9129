import { append, appendForCount } from "../suites/append.mjs";
import { cvr, parseJson, readCvrFiles } from "../suites/cvr.mjs";
import { growth } from "../suites/growth.mjs";
import { match } from "../suites/match.mjs";
import { matchStation } from "../suites/match-station.mjs";
import { matchSets } from "../suites/match-sets.mjs";
import { foldRecord, record, verifyRecord } from "../suites/record.mjs";
import { writeRecord } from "../suites/record-file.mjs";
import { rla } from "../suites/rla.mjs";
import { buildImage, screen, screenLogs } from "../suites/screen.mjs";
import { search } from "../suites/search.mjs";
import { proof } from "../suites/proof.mjs";
import { taxii } from "../suites/taxii.mjs";
import { witnessed } from "../suites/witnessed.mjs";
import { measureWitnessed, runStation } from "../suites/witnessed-station.mjs";

/** @typedef {{ quick: boolean, dir: string | undefined, keep: boolean }} Options */
/** @typedef {(options: Options) => Promise<import("./report.mjs").Row[]>} Suite */

/** @type {Record<string, Suite>} */
export const SUITES = { append, proof, record, witnessed, growth, screen, taxii, search, match, rla, cvr };

/** Everything that runs in a process of its own. @type {Record<string, (input: any) => Promise<unknown>>} */
export const TASKS = {
  ...SUITES,
  "build-image": async (input) => buildImage(input),
  "screen-logs": screenLogs,
  "read-cvrs": readCvrFiles,
  "parse-json": async (input) => parseJson(input),
  "match-sets": matchSets,
  "match-station": matchStation,
  "append-for-count": appendForCount,
  "write-record": writeRecord,
  "verify-record": verifyRecord,
  "fold-record": foldRecord,
  "run-station": runStation,
  "measure-witnessed": measureWitnessed,
};
