import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { unwrap } from "@detente/basics";
import { leafHash, MemoryTree } from "@detente/tlog";
import { verifyRecordFile } from "@detente/station";
import { createFold } from "@detente/unit";
import { progress } from "../lib/measure.mjs";
import { runApart } from "../lib/apart.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */

const TARGET_SIZE = 1_000_000;
const TARGET_SECONDS = 30;

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export async function record({ quick, dir }) {
  const count = quick ? 20_000 : TARGET_SIZE;
  const rounds = quick ? 1 : 2;
  return withDirectory(dir, async (directory) => {
    const path = `${directory}/record.jsonl`;
    const place = count.toLocaleString("en-US");
    progress(`writing a record of ${place} statements`);
    await runApart("write-record", { directory, path, count });
    progress(`a file of ${(statSync(path).size / 2 ** 20).toFixed(0)} MiB`);
    /** @type {Costs[]} */
    const costs = [];
    // Each in a process of its own: a fold of a million statements leaves much for the garbage collector.
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      costs.push({
        .../** @type {Costs} */ (await runApart("verify-record", { path })),
        .../** @type {Costs} */ (await runApart("fold-record", { path })),
      });
    }
    const least = (/** @type {string} */ what) => Math.min(...costs.map((cost) => cost[what] ?? Number.NaN));
    const group = `A whole record: ${place} statements of three parties`;
    const seconds = /** @type {const} */ ({ group, unit: "s", better: "less" });
    const limit = { name: "hashing and JSON.parse", value: least("limit") };
    return [
      {
        ...seconds,
        what: "verified and folded from its file",
        ours: least("verify"),
        than: limit,
        target: { of: "ours", bound: TARGET_SECONDS, notJudged: count < TARGET_SIZE },
      },
      {
        group,
        what: "folded alone, bodies with entries",
        unit: "/s",
        better: "more",
        ours: count / least("fold"),
        than: { name: limit.name, value: count / limit.value },
      },
      {
        group,
        what: "memory of the fold, a statement",
        unit: "B",
        better: "less",
        ours: least("memory") / count,
        than: { name: "its leaf and body", value: least("bytes") / count },
      },
    ];
  });
}

/** @typedef {Record<string, number>} Costs */

/** As `detente verify` does. @param {{ path: string }} work @returns {Promise<Costs>} seconds */
export async function verifyRecord({ path }) {
  const start = performance.now();
  const report = unwrap(await verifyRecordFile(createReadStream(path, { highWaterMark: 1 << 20 })));
  const seconds = (performance.now() - start) / 1000;
  const [problem] = report.problems;
  if (problem !== undefined) throw new Error(problem.message);
  if (report.counts.pending + report.counts.waiting + report.counts.void > 0) throw new Error("not all took effect");
  return { verify: seconds };
}

/** @param {{ path: string }} work @returns {Promise<Costs>} */
export async function foldRecord({ path }) {
  const { charter, logs, bodies } = await readRecord(path);
  const trees = new Map(logs.map(({ log }) => [log, new MemoryTree()]));
  const entries = logs.flatMap(({ log, leaves }) => leaves.map((leaf, index) => ({ log, index, leaf })));
  const hashed = entries.map((entry) => ({ ...entry, leafHash: leafHash(entry.leaf) }));
  for (const { log, leafHash: hash } of hashed) trees.get(log)?.append(hash);
  let bytes = 0;
  for (const { leaf } of entries) bytes += leaf.length;
  for (const body of bodies) bytes += body.length;
  const before = await memoryInUse();

  const start = performance.now();
  const fold = createFold({ genesis: charter, rootAt: (log, size) => trees.get(log)?.root(size) });
  for (const body of bodies) fold.addBody(body);
  for (const entry of hashed) fold.add(entry);
  fold.viewDigest();
  const seconds = (performance.now() - start) / 1000;
  const memory = (await memoryInUse()) - before;
  const limit = leastWork(entries, bodies);
  // In use until here: what could be freed meanwhile would be taken off what the fold keeps.
  if (hashed.length !== entries.length) throw new Error("an entry is missing");
  if (fold.counts().effective < bodies.length) throw new Error("not all took effect");
  return { fold: seconds, memory, bytes, limit };
}

/**
 * What nobody who verifies and understands a record can do without: each leaf's hash, one node of the tree, the body's
 * digest, and reading both.
 * @param {readonly { leaf: Uint8Array }[]} entries
 * @param {readonly Uint8Array[]} bodies
 * @returns {number} seconds
 */
function leastWork(entries, bodies) {
  const node = Buffer.alloc(65);
  const hash = (/** @type {Uint8Array} */ bytes) => createHash("sha256").update(bytes).digest();
  const decoder = new TextDecoder();
  const start = performance.now();
  for (const { leaf } of entries) {
    hash(leaf);
    hash(node);
    JSON.parse(decoder.decode(leaf));
  }
  for (const body of bodies) {
    hash(body);
    JSON.parse(decoder.decode(body));
  }
  return (performance.now() - start) / 1000;
}

/** @param {string} path */
async function readRecord(path) {
  /** @type {{ log: string, leaves: Uint8Array[] }[]} */
  const logs = [];
  /** @type {Uint8Array[]} */
  const bodies = [];
  let charter;
  for await (const text of linesOf(path)) {
    const line = JSON.parse(text);
    if (line.log !== undefined) logs.push({ log: line.log, leaves: [] });
    else if (line.entry !== undefined) logs.at(-1)?.leaves.push(new Uint8Array(Buffer.from(line.entry, "base64")));
    else if (line.body !== undefined) bodies.push(new Uint8Array(Buffer.from(line.body, "base64")));
    else charter ??= line.charter;
  }
  return { charter, logs, bodies };
}

/** @param {string} path @returns {AsyncGenerator<string>} */
async function* linesOf(path) {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 })) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** @returns {Promise<number>} bytes */
async function memoryInUse() {
  // Memory outside the heap is given back some time after its owner was collected.
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
