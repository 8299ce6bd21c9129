import { execFileSync } from "node:child_process";
import { existsSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { ImageIndex, IndicatorImage } from "@detente/screen";
import { createEngine, loadImage, loadSieve, saveImage } from "@detente/telemetry";
import { rgPath } from "@vscode/ripgrep";
import { runApart } from "../lib/apart.mjs";
import { progress } from "../lib/measure.mjs";
import { withDirectory, withKeptDirectory } from "../lib/workspace.mjs";
import { makeIndicators, writeLogs } from "./screen-corpus.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {{ wall: number, cpu: number, load: number, memory: number, hits: number }} Screened seconds; megabytes */

const GROUP = "Screening a Zeek dns.log and a Suricata eve.json, warm";
const THREADS = 2;
const ROUNDS = 3;
const SEED = 0x5eed_5eed_5eed_5eedn;

/** @param {{ quick: boolean, dir: string | undefined, keep: boolean }} options @returns {Promise<Row[]>} */
export function screen({ quick, dir, keep }) {
  const size = quick ? 30e6 : 1e9;
  const counts = quick ? [10_000, 100_000] : [1_000_000, 10_000_000];
  /** @param {string} directory */
  const measure = async (directory) => {
    const logs = ["dns.log", "eve.json"].map((name) => join(directory, name));
    if (!logs.every((log) => existsSync(log))) {
      progress(`two logs of ${size / 1e6} MB`);
      const [dns, eve] = logs.map((log) => `${log}.new`);
      writeLogs(/** @type {string} */ (dns), /** @type {string} */ (eve), size);
      for (const log of logs) renameSync(`${log}.new`, log);
    }
    const bytes = logs.reduce((sum, log) => sum + statSync(log).size, 0);
    const gigabytes = bytes / 1e9;
    const wc = least(() => timesOf("wc", ["-l", ...logs]).wall);
    const rows = [];
    let first;
    for (const count of counts) {
      const at = count.toLocaleString("en-US");
      const image = join(directory, "image");
      progress(`${at} indicators: an image`);
      const build = /** @type {number} */ (await runApart("build-image", { count, image }));
      progress(`${at} indicators: screened`);
      const run = /** @type {Screened} */ (await runApart("screen-logs", { image, logs }));
      rmSync(image);
      const isFirst = first === undefined;
      first ??= run;
      const speed = {
        what: `${at} indicators, ${THREADS} threads`,
        unit: "GB/s",
        better: /** @type {const} */ ("more"),
      };
      rows.push({
        group: GROUP,
        ...speed,
        ours: gigabytes / run.wall,
        than: { name: "wc -l", value: gigabytes / wc },
        target: { of: /** @type {const} */ ("ours"), bound: isFirst ? 1 : 0.7, notJudged: quick },
        note: `${run.hits} hits`,
      });
      rows.push(...costs(at, build, run, isFirst, quick));
      rows.push(
        ...(isFirst
          ? [await besideRipgrep(directory, logs, count, run, gigabytes, quick)]
          : [grown(first, run, at, quick)]),
      );
    }
    return rows;
  };
  return keep ? withKeptDirectory(dir, quick ? "screen-quick" : "screen", measure) : withDirectory(dir, measure);
}

/** What an index costs before it is used, and all of the process in memory. @param {string} at @param {number} build @param {Screened} run @param {boolean} isFirst @param {boolean} quick @returns {Row[]} */
function costs(at, build, run, isFirst, quick) {
  /** @param {string} what @param {string} unit @param {number} ours @param {number | undefined} bound @returns {Row} */
  const row = (what, unit, ours, bound) => ({
    group: GROUP,
    what: `${at} indicators, ${what}`,
    unit,
    better: "less",
    ours,
    ...(bound === undefined ? {} : { target: { of: "ours", bound, notJudged: quick } }),
  });
  return [
    row("index built, values checked again", "s", build, isFirst ? 1 : undefined),
    row("index loaded", "ms", run.load * 1000, isFirst ? 50 : undefined),
    row("most memory of the process", "MB", run.memory, isFirst ? undefined : 700),
  ];
}

/** What the larger index costs against the smaller one. @param {Screened} first @param {Screened} run @param {string} at @param {boolean} quick @returns {Row} */
function grown(first, run, at, quick) {
  return {
    group: GROUP,
    what: `processor time with ${at} indicators`,
    unit: "s",
    better: "less",
    ours: run.cpu,
    than: { name: "a tenth of them", value: first.cpu },
    target: { of: "ratio", bound: 0.5, notJudged: quick },
  };
}

/** @param {string} directory @param {readonly string[]} logs @param {number} count @param {Screened} run @param {number} gigabytes @param {boolean} quick @returns {Promise<Row>} */
async function besideRipgrep(directory, logs, count, run, gigabytes, quick) {
  progress(`${count.toLocaleString("en-US")} indicators: ripgrep`);
  const patterns = join(directory, "patterns");
  const file = openSync(patterns, "w");
  for (const { value } of makeIndicators(count)) writeSync(file, `${value}\n`);
  const { cpu } = timesOf(rgPath, ["-F", "-c", "-a", "-f", patterns, ...logs]);
  return {
    group: GROUP,
    what: `processor time a GB, ${count.toLocaleString("en-US")} indicators`,
    unit: "s",
    better: "less",
    ours: run.cpu / gigabytes,
    than: { name: "ripgrep 15 -F -f", value: cpu / gigabytes },
    target: { of: "ratio", bound: 20, notJudged: quick },
  };
}

/** Builds an image and keeps it; in a process of its own. @param {{ count: number, image: string }} input @returns {number} seconds */
export function buildImage({ count, image: path }) {
  // Below a million the items are made beforehand; ten million of them would be a measurement of the heap.
  const items = count > 1_000_000 ? makeIndicators(count) : Array.from(makeIndicators(count));
  const start = performance.now();
  const { image, refused } = IndicatorImage.build(loadSieve(), items, SEED);
  const seconds = (performance.now() - start) / 1000;
  if (refused.length > 0) throw new Error(`refused: ${refused[0]?.message}`);
  saveImage(image, path);
  return seconds;
}

/** Screens logs with an image, the fastest of some rounds; in a process of its own. @param {{ image: string, logs: readonly string[] }} input @returns {Promise<Screened>} */
export async function screenLogs({ image, logs }) {
  // Into the page cache, by another process, as this one's memory counts: what is timed is loading, not the disk.
  timesOf("cat", [image]);
  const start = performance.now();
  const index = new ImageIndex(unwrap(loadImage(image)), (ref) => ref);
  const load = (performance.now() - start) / 1000;
  const engine = createEngine(index, { threads: THREADS });
  const best = { wall: Infinity, cpu: Infinity, hits: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    best.hits = 0;
    for (const path of logs) {
      const screening = engine.screen({ path }, { name: path });
      for await (const hit of screening) best.hits += hit.line > 0 ? 1 : 0;
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    best.wall = Math.min(best.wall, (performance.now() - before) / 1000);
    best.cpu = Math.min(best.cpu, (user + system) / 1e6);
  }
  await engine.close();
  return { ...best, load, memory: process.resourceUsage().maxRSS / 1024 };
}

/** @param {() => number} measure @returns {number} */
function least(measure) {
  return Math.min(...Array.from({ length: ROUNDS }, measure));
}

/** How long a program takes, in seconds: on the wall and of processors, as the shell's `times` (POSIX) counts its children. @param {string} program @param {readonly string[]} args */
function timesOf(program, args) {
  const start = performance.now();
  // ripgrep says by its code whether it found something; that is no failure.
  const output = execFileSync("sh", ["-c", '"$0" "$@" >/dev/null; times', program, ...args], { encoding: "utf8" });
  const wall = (performance.now() - start) / 1000;
  const parts = [...(output.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  const cpu = parts.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
  return { wall, cpu };
}
