import { unwrap } from "@detente/basics";
import { LogStore } from "@detente/store";
import { inclusionProof, leafHash, MemoryTree } from "@detente/tlog";
import { growTo, smallEntry } from "../lib/grow.mjs";
import { leastOf, microseconds, numbers, progress } from "../lib/measure.mjs";
import { newStation, openStation } from "../lib/station.mjs";
import { statements } from "../lib/statements.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {Record<string, number>} Costs in microseconds, by what is measured */

const ROUNDS = 8;
const BATCH = 1000;
/** Part of log n that a cost must keep to: a tenth is the measurement's own error. */
const KEPT = 0.9;

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export async function growth({ quick, dir }) {
  const sizes = quick ? [1000, 10_000, 100_000] : [10_000, 100_000, 1_000_000, 10_000_000];
  if (quick) progress("--quick: only up to 100,000 entries");
  return withDirectory(dir, async (directory) => {
    await newStation(`${directory}/station`, { name: "ann", port: 0 });
    const { station, stop } = await openStation(`${directory}/station`);
    station.gate.set("ready", "no unit, so nobody to ask");
    const store = station.own.reader;
    if (!(store instanceof LogStore)) throw new Error("a station keeps its log in a LogStore");
    const tree = new MemoryTree();
    /** @type {Map<number, Costs>} */
    const bySize = new Map();
    for (const size of sizes) {
      progress(`${size.toLocaleString("en-US")} entries`);
      await growTo(store, size);
      for (let index = tree.size; index < size; index++) tree.append(leafHash(smallEntry(index)));
      const proofs = await proofCosts(size, tree, store);
      bySize.set(size, { ...proofs, ...(await appendCosts(station.own, store, tree)) });
    }
    await stop();
    return rowsOf(bySize);
  });
}

/** @param {number} size @param {MemoryTree} tree @param {LogStore} store @returns {Promise<Costs>} */
function proofCosts(size, tree, store) {
  const random = numbers(size);
  const stored = store.hashReader(size);
  const calls = 2000;
  // As few leaves at each size, so that what is compared is the tree's height and not the processor's caches.
  const indexes = Array.from({ length: 32 }, () => random(size));
  const at = (/** @type {number} */ call) => /** @type {number} */ (indexes[call % indexes.length]);
  return leastOf(
    {
      "proof, memory": () => microseconds(calls, (call) => void inclusionProof(at(call), size, tree.reader)),
      "proof, store, warm": () => microseconds(calls, (call) => void inclusionProof(at(call), size, stored)),
    },
    5 * ROUNDS,
  );
}

/**
 * Whole statements through the station's log, with bodies, signature and syncs, in batches of 1,000; and the tree alone.
 * @param {import("@detente/station").Station["own"]} own
 * @param {LogStore} store
 * @param {MemoryTree} tree
 * @returns {Promise<Costs>}
 */
async function appendCosts(own, store, tree) {
  let next = store.size;
  return leastOf(
    {
      "append, durable": async () => {
        const batches = Array.from({ length: 5 }, (_, i) => statements(next + i * BATCH, BATCH));
        next += 5 * BATCH;
        const start = performance.now();
        for (const batch of batches) unwrap(await own.append(batch));
        const elapsed = performance.now() - start;
        await store.settled();
        return (elapsed * 1000) / (5 * BATCH);
      },
      "append, tree alone": () => microseconds(4096, () => tree.append(LEAF)),
    },
    ROUNDS,
  );
}

const LEAF = leafHash(smallEntry(0));

/** @param {ReadonlyMap<number, Costs>} bySize @returns {Row[]} */
function rowsOf(bySize) {
  const [[least, first] = [0, {}]] = bySize;
  return Object.keys(first).flatMap((what) =>
    [...bySize].slice(1).map(([size, costs]) => {
      const cost = costs[what] ?? Number.NaN;
      return {
        group: `Growth: ${what}; ${(first[what] ?? 0).toPrecision(3)} µs at ${least.toLocaleString("en-US")}`,
        what: `at ${size.toLocaleString("en-US")}: ${cost.toPrecision(3)} µs`,
        unit: "×",
        better: /** @type {const} */ ("less"),
        ours: cost / (first[what] ?? Number.NaN),
        than: { name: "log n", value: Math.log(size) / Math.log(least) },
        target: { of: /** @type {const} */ ("ratio"), bound: KEPT },
      };
    }),
  );
}
