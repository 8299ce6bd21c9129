import { writeFile } from "node:fs/promises";
import { unwrap } from "@detente/basics";
import { adoptCharter, loadConfig, saveConfig } from "@detente/station";
import { startApart } from "../lib/apart.mjs";
import { progress, quantile } from "../lib/measure.mjs";
import { freePorts } from "../lib/ports.mjs";
import { openStation } from "../lib/station.mjs";
import { newUnit } from "../lib/unit.mjs";
import { withDirectory } from "../lib/workspace.mjs";
import { processorTimeOf } from "./witnessed-station.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {import("@detente/station").RunningStation["station"]} Station */

/** @typedef {import("node:child_process").ChildProcess} ChildProcess */

const GROUP = "Private matching, three stations on loopback, three processes";
const MILLION = 1_000_000;

/**
 * A partner's set, then look-ups in it: in bulk, and one at a time by stations that have been at work, as `detente match
 * lookup` asks.
 * @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>}
 */
export async function matchStation({ quick, dir }) {
  return withDirectory(dir, async (home) => {
    const { directories, charter } = await newUnit(home, await freePorts(3));
    const [annDir = ""] = directories;
    const size = quick ? 2000 : 20_000;
    const asked = quick ? 2048 : 32_768;
    const file = `${home}/known.txt`;
    await writeFile(file, Array.from({ length: size }, (_, i) => `known${i}.example`).join("\n"));
    const partners = [{ party: "bob", budget: 10 * MILLION }];
    const policy = { partners, pool: 10 * MILLION, files: [file], shares: false };
    await saveConfig(annDir, { ...unwrap(await loadConfig(annDir)), match: policy });
    for (const one of directories) unwrap(await adoptCharter(one, charter));
    progress(`a set of ${size.toLocaleString("en-US")}`);
    const [, bobDir = "", cemDir = ""] = directories;
    const others = [annDir, cemDir].map((directory) => startApart("run-station", { directory }));
    const { station: bob, stop } = await openStation(bobDir);
    try {
      const before = await cpu(others);
      const begun = performance.now();
      await untilHere(bob);
      const prepared = { wall: performance.now() - begun, cpu: (await cpu(others)) - before };
      progress(`${asked.toLocaleString("en-US")} in bulk`);
      const bulk = await inBulk(bob, asked, others);
      progress("single look-ups");
      const single = await singles(bob, quick ? [30] : [250, 250, 250, 250]);
      return rowsOf({ quick, size, asked, prepared, single, bulk });
    } finally {
      for (const other of others) other.disconnect();
      await Promise.all([stop(), ...others.map((other) => new Promise((resolve) => other.once("exit", resolve)))]);
    }
  });
}

/** @param {{ quick: boolean, size: number, asked: number, prepared: Cost, single: number, bulk: Cost }} measured @returns {Row[]} */
function rowsOf({ quick, size, asked, prepared, single, bulk }) {
  const place = (/** @type {number} */ count) => count.toLocaleString("en-US");
  const perMillion = ((bulk.wall / 1000) * MILLION) / asked;
  return [
    {
      group: GROUP,
      what: "a verified look-up, p50",
      unit: "ms",
      better: "less",
      ours: single,
      target: { of: "ours", bound: 5 },
      note: "asked in the process of the asker: request and tab synced, answered, charge synced, proof checked, output synced",
    },
    {
      group: GROUP,
      what: `10⁶ look-ups, extrapolated from ${place(asked)}`,
      unit: "s",
      better: "less",
      ours: perMillion,
      target: { of: "ours", bound: 300, notJudged: quick },
      note: `both sides on this machine: ${((bulk.cpu * 1e6) / asked).toFixed(0)} µs of processor time an item, ${place(Math.round((asked * 1000) / bulk.wall))}/s; linear, since a batch costs the same in every set`,
    },
    {
      group: GROUP,
      what: `a set of ${place(size)}, from its file to the partner's disk`,
      unit: "µs of processor time an item",
      better: "less",
      ours: (prepared.cpu * 1e6) / size,
      note: `${(prepared.wall / 1000).toFixed(1)} s, founding the unit included; evaluated once in an epoch, labels sealed for each edition and partner`,
    },
  ];
}

/** @typedef {{ wall: number, cpu: number }} Cost milliseconds, seconds */

/** @param {Station} station */
async function untilHere(station) {
  for (;;) {
    const [set] = station.matching.copies.list();
    if (set?.isHere === true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Milliseconds of one question, in the middle of the quietest round: what disturbs it comes from elsewhere.
 * @param {Station} station @param {readonly number[]} rounds
 */
async function singles({ matching }, rounds) {
  const middles = [];
  for (const [round, count] of rounds.entries()) {
    const times = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      unwrap(await matching.asking.lookup("ann", [{ kind: "domain", value: `single${i}.round${round}.example` }]));
      times.push(performance.now() - start);
    }
    middles.push(quantile(times, 0.5));
  }
  return Math.min(...middles);
}

/** @param {Station} station @param {number} count @param {readonly ChildProcess[]} others @returns {Promise<Cost>} */
async function inBulk({ matching }, count, others) {
  const questions = Array.from({ length: count }, (_, i) => {
    return { kind: /** @type {const} */ ("domain"), value: i % 2 === 0 ? `known${i}.example` : `unknown${i}.example` };
  });
  const before = await cpu(others);
  const start = performance.now();
  for (let first = 0; first < count; first += 16_384) {
    unwrap(await matching.asking.lookup("ann", questions.slice(first, first + 16_384)));
  }
  return { wall: performance.now() - start, cpu: (await cpu(others)) - before };
}

/** Of all threads of this process and of others, in seconds. @param {readonly ChildProcess[]} others */
async function cpu(others) {
  const { user, system } = process.cpuUsage();
  const theirs = await Promise.all(others.map(processorTimeOf));
  return theirs.reduce((all, one) => all + one, (user + system) / 1e6);
}
