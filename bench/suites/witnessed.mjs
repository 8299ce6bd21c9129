import { open } from "node:fs/promises";
import { adoptCharter } from "@detente/station";
import { unwrap } from "@detente/basics";
import { runApart, startApart } from "../lib/apart.mjs";
import { progress, quantile } from "../lib/measure.mjs";
import { freePorts } from "../lib/ports.mjs";
import { newUnit } from "../lib/unit.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */

const EVERY = 40;

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export async function witnessed({ quick, dir }) {
  return withDirectory(dir, async (directory) => {
    const { directories, charter } = await newUnit(directory, await freePorts(3));
    for (const one of directories) unwrap(await adoptCharter(one, charter));
    const [measured = "", ...others] = directories;
    const peers = others.map((one) => startApart("run-station", { directory: one }));
    const [rounds, count] = quick ? [2, 100] : [4, 300];
    progress(`three stations, three processes; ${rounds} rounds of ${count} statements, one every ${EVERY} ms or more`);
    const work = { directory: measured, rounds, count, every: EVERY };
    const latencies = /** @type {number[][]} */ (await runApart("measure-witnessed", work));
    for (const peer of peers) peer.disconnect();
    await Promise.all(peers.map((peer) => new Promise((resolve) => peer.once("exit", resolve))));
    /** @type {number[][]} */
    const limits = [];
    for (let round = 0; round < rounds; round++) limits.push(await syncsInARow(`${directory}/limit`, count));
    return [0.5, 0.99].map((share) => {
      // The quietest round: what disturbs it comes from elsewhere.
      const best = (/** @type {number[][]} */ all) => Math.min(...all.map((round) => quantile(round, share)));
      return {
        group: `From append to cosigned by two peers, loopback, three processes, ${count} statements`,
        what: `p${100 * share}`,
        unit: "ms",
        better: "less",
        ours: best(latencies),
        than: { name: "three syncs in a row", value: best(limits) },
        ...(share === 0.99 && { target: { of: "ours", bound: 50 } }),
      };
    });
  });
}

/**
 * What the disk alone takes of the way: entries, head, and the witness's own record of it.
 * @param {string} path
 * @param {number} count
 * @returns {Promise<number[]>} milliseconds
 */
async function syncsInARow(path, count) {
  const file = await open(path, "w");
  const bytes = Buffer.alloc(700);
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    for (let sync = 0; sync < 3; sync++) {
      await file.write(bytes, 0, bytes.length, (3 * i + sync) * bytes.length);
      await file.datasync();
    }
    times.push(performance.now() - start);
  }
  await file.close();
  return times;
}
