import { writeFile } from "node:fs/promises";
import { unwrap } from "@detente/basics";
import { adoptCharter, loadConfig, saveConfig } from "@detente/station";
import { startApart } from "../lib/apart.mjs";
import { progress, quantile } from "../lib/measure.mjs";
import { freePorts } from "../lib/ports.mjs";
import { openStation } from "../lib/station.mjs";
import { newUnit } from "../lib/unit.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {import("@detente/station").RunningStation["station"]} Station */

const GROUP = "Private matching, three stations on loopback, in one process";
const MILLION = 1_000_000;

/**
 * A partner's set, then look-ups in it: in bulk, and one at a time by stations that have been at work, as `detente match
 * lookup` asks.
 * @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>}
 */
export async function matchStation({ quick, dir }) {
  return withDirectory(dir, async (home) => {
    const { directories, charter } = await newUnit(home, await freePorts(3));
    const [annDir = "", , cemDir = ""] = directories;
    const size = quick ? 2000 : 20_000;
    const asked = quick ? 2048 : 32_768;
    const file = `${home}/known.txt`;
    await writeFile(file, Array.from({ length: size }, (_, i) => `known${i}.example`).join("\n"));
    const partners = [{ party: "bob", budget: 10 * MILLION }];
    const policy = { partners, pool: 10 * MILLION, files: [file], shares: false };
    await saveConfig(annDir, { ...unwrap(await loadConfig(annDir)), match: policy });
    for (const one of directories) unwrap(await adoptCharter(one, charter));
    progress(`a set of ${size.toLocaleString("en-US")}`);
    let running = await Promise.all(directories.map(openStation));
    const [ann, bobs, cem] = running;
    const bob = /** @type {Station} */ (bobs?.station);
    const rounds = quick ? [30] : [250, 250, 250, 250];
    try {
      const before = cpu();
      const begun = performance.now();
      await untilHere(bob);
      const prepared = { wall: performance.now() - begun, cpu: cpu() - before };
      progress(`${asked.toLocaleString("en-US")} in bulk`);
      const bulk = await inBulk(bob, asked);
      progress("single look-ups");
      const single = await singles(bob, "one", rounds);
      progress("single look-ups between processes");
      running = running.filter((one) => one === bobs);
      await Promise.all([ann?.stop(), cem?.stop()]);
      const apart = await withApart([annDir, cemDir], () => singles(bob, "apart", rounds));
      return rowsOf({ quick, size, asked, prepared, single, apart, bulk });
    } finally {
      await Promise.all(running.map(({ stop }) => stop()));
    }
  });
}

/**
 * While stations run, each in a process of its own.
 * @param {readonly string[]} directories @param {() => Promise<number>} measure
 */
async function withApart(directories, measure) {
  const stations = directories.map((directory) => startApart("run-station", { directory }));
  try {
    return await measure();
  } finally {
    for (const one of stations) one.disconnect();
    await Promise.all(stations.map((one) => new Promise((resolve) => one.once("exit", resolve))));
  }
}

/** @param {{ quick: boolean, size: number, asked: number, prepared: Cost, single: number, apart: number, bulk: Cost }} measured @returns {Row[]} */
function rowsOf({ quick, size, asked, prepared, single, apart, bulk }) {
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
      note: "asked in the process: request and tab synced, answered, charge synced, proof checked, output synced",
    },
    {
      group: GROUP,
      what: "the same, asker and answerer in processes of their own",
      unit: "ms",
      better: "less",
      ours: apart,
      note: "with what it takes to wake the other process, twice",
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
 * @param {Station} station @param {string} run @param {readonly number[]} rounds
 */
async function singles({ matching }, run, rounds) {
  await untilAnswered(() => matching.asking.lookup("ann", [{ kind: "domain", value: `first.${run}.example` }]));
  const middles = [];
  for (const [round, count] of rounds.entries()) {
    const times = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      unwrap(await matching.asking.lookup("ann", [{ kind: "domain", value: `${i}.round${round}.${run}.example` }]));
      times.push(performance.now() - start);
    }
    middles.push(quantile(times, 0.5));
  }
  return Math.min(...middles);
}

/** @param {() => Promise<{ ok: boolean }>} ask of a station that is being started */
async function untilAnswered(ask) {
  while (!(await ask()).ok) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** @param {Station} station @param {number} count @returns {Promise<Cost>} */
async function inBulk({ matching }, count) {
  const questions = Array.from({ length: count }, (_, i) => {
    return { kind: /** @type {const} */ ("domain"), value: i % 2 === 0 ? `known${i}.example` : `unknown${i}.example` };
  });
  const [start, before] = [performance.now(), cpu()];
  for (let first = 0; first < count; first += 16_384) {
    unwrap(await matching.asking.lookup("ann", questions.slice(first, first + 16_384)));
  }
  return { wall: performance.now() - start, cpu: cpu() - before };
}

/** Of all threads of this process, in seconds. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
