import { unwrap } from "@detente/basics";
import { applyDelta, decodeSet, encodeDelta, encodeSet, TagSet } from "@detente/match";
import { numbers, progress } from "../lib/measure.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */

const GROUP = "A partner's set";
const LOOKUPS = 1_000_000;

/** In a process of its own, where nothing else takes memory. @param {{ quick: boolean }} options @returns {Promise<Row[]>} */
export async function matchSets({ quick }) {
  const size = quick ? 100_000 : 1_000_000;
  const place = size.toLocaleString("en-US");
  progress(`a set of ${place}`);
  const bytes = randomTags(size, 1);
  const tags = TagSet.of(bytes);
  const start = performance.now();
  const file = encodeSet(tags);
  const encoded = performance.now();
  const read = unwrap(decodeSet(file.bytes, file));
  const decoded = performance.now();
  const next = TagSet.of(bytes.subarray(80));
  const delta = encodeDelta(tags, next);
  const applied = performance.now();
  unwrap(applyDelta(tags, delta, encodeSet(next)));
  const end = performance.now();
  const speed = lookups(read, bytes);
  const common = /** @type {const} */ ({ group: GROUP, better: "less" });
  const rows = [
    {
      ...common,
      what: `file, ${place} tags`,
      unit: "bits a tag",
      ours: (8 * file.bytes.length) / tags.count,
      // log2(e · 2^64 / n): what distinct tags take at least.
      than: { name: "entropy", value: 64 + Math.LOG2E - Math.log2(size) },
      target: { of: /** @type {const} */ ("ours"), bound: 46, notJudged: quick },
      note: `written in ${ms(encoded - start)}, read and checked in ${ms(decoded - encoded)}; a delta applied in ${ms(end - applied)}`,
    },
    {
      group: GROUP,
      better: /** @type {const} */ ("more"),
      what: `look-ups, ${place} tags`,
      unit: "/s",
      ours: speed,
      than: { name: "a JavaScript Set of bigints", value: setLookups(bytes) },
      target: { of: /** @type {const} */ ("ours"), bound: 500_000 },
    },
  ];
  const many = quick ? 1_000_000 : 10_000_000;
  progress(`memory of ${many.toLocaleString("en-US")} tags`);
  const before = process.memoryUsage().arrayBuffers;
  const large = TagSet.of(randomTags(many, 2));
  globalThis.gc?.();
  const held = (large.high.buffer.byteLength + large.low.buffer.byteLength) / 1e6;
  rows.push({
    ...common,
    what: `memory, ${many.toLocaleString("en-US")} tags`,
    unit: "MB",
    ours: held,
    than: { name: "8 bytes a tag", value: (8 * many) / 1e6 },
    target: { of: /** @type {const} */ ("ours"), bound: 100, notJudged: quick },
    note: `${((process.memoryUsage().arrayBuffers - before) / 1e6).toFixed(0)} MB of buffers right after sorting`,
  });
  return rows;
}

/** @param {number} count @param {number} seed */
function randomTags(count, seed) {
  const next = numbers(seed);
  const words = new Uint32Array(2 * count);
  for (let i = 0; i < words.length; i++) words[i] = (next(65_536) << 16) | next(65_536);
  return new Uint8Array(words.buffer);
}

/** A second. @param {TagSet} tags @param {Uint8Array} bytes half of what is looked up is there */
function lookups(tags, bytes) {
  const absent = randomTags(tags.count, 3);
  const start = performance.now();
  let found = 0;
  for (let i = 0; i < LOOKUPS; i++) {
    const at = 8 * ((i * 7919) % tags.count);
    const from = i % 2 === 0 ? bytes : absent;
    if (tags.find(from.subarray(at, at + 8)) !== -1) found++;
  }
  if (found < LOOKUPS / 2) throw new Error("tags are missing");
  return (LOOKUPS * 1000) / (performance.now() - start);
}

/** @param {Uint8Array} bytes */
function setLookups(bytes) {
  const words = new BigUint64Array(bytes.buffer);
  const set = new Set(words);
  const start = performance.now();
  for (let i = 0; i < LOOKUPS; i++) set.has(/** @type {bigint} */ (words[(i * 7919) % words.length]));
  return (LOOKUPS * 1000) / (performance.now() - start);
}

/** @param {number} milliseconds */
function ms(milliseconds) {
  return `${milliseconds.toFixed(0)} ms`;
}
