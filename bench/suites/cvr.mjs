import { createReadStream, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCvrs } from "@detente/rla";
import { runApart } from "../lib/apart.mjs";
import { progress } from "../lib/measure.mjs";
import { withDirectory } from "../lib/workspace.mjs";
import { dominionManifests, writeDominionCsv, writeDominionJson } from "./cvr-files.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {{ cards: number, cpu: number, memory: number }} Read seconds of processors; megabytes */

const GROUP = "Reading cast-vote records (Dominion)";
const ROUNDS = 2;

/** What Arlo's reader took for as many cards on a machine of this class; it cannot be installed beside us. */
const ARLO_SECONDS = 12;

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export function cvr({ quick, dir }) {
  const cards = quick ? 50_000 : 1_000_000;
  const sessions = quick ? 10_000 : 200_000;
  return withDirectory(dir, async (directory) => {
    const [csv, json] = [join(directory, "cvr.csv"), join(directory, "CvrExport.json")];
    progress(`${cards.toLocaleString("en-US")} cards as CSV, ${sessions.toLocaleString("en-US")} as JSON`);
    writeDominionCsv(csv, cards);
    writeDominionJson(json, sessions);
    const manifests = Object.entries(dominionManifests()).map(([name, text]) => {
      const path = join(directory, `${name === "contests" ? "Contest" : "Candidate"}Manifest.json`);
      writeFileSync(path, text);
      return path;
    });
    const asCsv = await best([csv]);
    const asJson = await best([json, ...manifests]);
    const megabytes = statSync(json).size / 1e6;
    const parse = /** @type {number} */ (await runApart("parse-json", { path: json }));
    /** @param {Read} read @param {number} count */
    const note = (read, count) => `${read.cards} of ${count} cards, at most ${read.memory.toFixed(0)} MB resident`;
    /** @type {Row[]} */
    const rows = [
      {
        group: GROUP,
        what: `${cards.toLocaleString("en-US")} cards as CSV, processor time`,
        unit: "s",
        better: "less",
        ours: asCsv.cpu,
        than: { name: "Arlo, a figure from elsewhere", value: (ARLO_SECONDS * cards) / 1e6 },
        target: { of: "ours", bound: 4, notJudged: quick },
        note: note(asCsv, cards),
      },
      {
        group: GROUP,
        what: "export as JSON, of processor time",
        unit: "MB/s",
        better: "more",
        ours: megabytes / asJson.cpu,
        than: { name: "JSON.parse of the same bytes", value: parse },
        target: { of: "ours", bound: 60, notJudged: quick },
        note: note(asJson, sessions),
      },
      {
        group: GROUP,
        what: "memory, the larger of both",
        unit: "MB",
        better: "less",
        ours: Math.max(asCsv.memory, asJson.memory),
        target: { of: "ours", bound: 300, notJudged: quick },
      },
    ];
    return rows;
  });
}

/** @param {readonly string[]} paths @returns {Promise<Read>} */
async function best(paths) {
  /** @type {Read | undefined} */
  let least;
  for (let round = 0; round < ROUNDS; round++) {
    const read = /** @type {Read} */ (await runApart("read-cvrs", { paths }));
    if (least === undefined || read.cpu < least.cpu) least = read;
  }
  return /** @type {Read} */ (least);
}

/** In a process of its own. @param {{ paths: readonly string[] }} input @returns {Promise<Read>} */
export async function readCvrFiles({ paths }) {
  const before = process.cpuUsage();
  const files = paths.map((name) => ({ name, open: () => createReadStream(name, { highWaterMark: 1 << 18 }) }));
  const reading = await readCvrs(files, { malformed: "refuse" });
  if (!reading.ok) throw new Error(reading.fault.message);
  let cards = 0;
  for await (const block of reading.value.blocks()) {
    if (!block.ok) throw new Error(block.fault.message);
    cards += block.value.cards.length;
  }
  const { user, system } = process.cpuUsage(before);
  return { cards, cpu: (user + system) / 1e6, memory: process.resourceUsage().maxRSS / 1024 };
}

/** What the engine's parser does with the first 100 MB, as whole sessions, in one text. @param {{ path: string }} input @returns {number} MB/s of processor time */
export function parseJson({ path }) {
  const text = readFileSync(path).subarray(0, 1e8).toString();
  const whole = `${text.slice(0, Math.max(text.lastIndexOf("\n,"), text.indexOf("\n")))}]}`;
  const before = process.cpuUsage();
  JSON.parse(whole);
  const { user, system } = process.cpuUsage(before);
  return whole.length / (user + system);
}
