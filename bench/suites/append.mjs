import { join } from "node:path";
import { leastOf, progress } from "../lib/measure.mjs";
import { statements } from "../lib/statements.mjs";
import { countSyncs } from "../lib/syncs.mjs";
import { withDirectory } from "../lib/workspace.mjs";
import { SYSTEMS } from "./append-systems.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */
/** @typedef {import("../lib/statements.mjs").DraftedStatement} DraftedStatement */

const ROUNDS = 5;

/** Each is a way to append `count` statements: in batches one after another, or single ones by many callers at once. */
const WAYS = [
  { name: "batches of 1", batch: 1, atOnce: 1, count: 400 },
  { name: "100 callers at once, 1 each", batch: 1, atOnce: 100, count: 5000 },
  { name: "batches of 100", batch: 100, atOnce: 1, count: 20_000, target: 10_000 },
  { name: "batches of 1,000", batch: 1000, atOnce: 1, count: 50_000 },
];

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export async function append({ quick, dir }) {
  /** @type {Row[]} */
  const rows = [];
  for (const { name, batch, atOnce, count, target } of WAYS) {
    progress(name);
    const total = quick ? Math.max(batch * 5, count / 10) : count;
    const batches = inBatches(statements(0, total), batch);
    // What callers bring at once can share its syncs.
    const grouped = inBatches(batches.flat(), batch * atOnce);
    const names = Object.keys(SYSTEMS).filter((system) => system !== "hypercore-flushed" || atOnce === 1);
    const subjects = Object.fromEntries(
      names.map((system) => [
        system,
        () => withDirectory(dir, (place) => timeAppends(system, place, system === "limit" ? grouped : batches, atOnce)),
      ]),
    );
    const least = await leastOf(subjects, quick ? 2 : ROUNDS);
    const rate = (/** @type {string} */ system) => (total * 1000) / (least[system] ?? Number.NaN);
    const common = { group: `Append, durable, signed head: ${name}`, unit: "/s", better: "more", ours: rate("ours") };
    rows.push(
      row({ ...common, what: "statements", than: { name: "limit", value: rate("limit") } }, target),
      row({ ...common, what: "statements", than: { name: "hypercore (no sync)", value: rate("hypercore") } }),
    );
    if (atOnce === 1) {
      const than = { name: "hypercore + flush", value: rate("hypercore-flushed") };
      rows.push(row({ ...common, what: "statements, equally durable", than }, undefined, 1));
    }
  }
  return [...rows, ...syncRows(quick, dir)];
}

/** @param {object} said @param {number} [least] @param {number} [ratio] @returns {Row} */
function row(said, least, ratio) {
  const target =
    least !== undefined
      ? { of: "ours", bound: least }
      : ratio !== undefined
        ? { of: "ratio", bound: ratio }
        : undefined;
  return /** @type {Row} */ ({ ...said, ...(target && { target }) });
}

/**
 * @param {string} system
 * @param {string} place
 * @param {readonly DraftedStatement[][]} batches
 * @param {number} atOnce callers, each of which waits for its batch before it appends the next
 * @returns {Promise<number>} milliseconds
 */
async function timeAppends(system, place, batches, atOnce) {
  const { append: appendBatch, close } = await /** @type {NonNullable<typeof SYSTEMS[string]>} */ (SYSTEMS[system])(
    join(place, system),
  );
  let next = 0;
  const caller = async () => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) await appendBatch(batch);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: atOnce }, caller));
  const elapsed = performance.now() - start;
  await close();
  return elapsed;
}

/** @template T @param {readonly T[]} all @param {number} size @returns {T[][]} */
function inBatches(all, size) {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** @param {{ system: string, place: string, batch: number, batches: number }} work */
export async function appendForCount({ system, place, batch, batches }) {
  await timeAppends(system, place, inBatches(statements(0, batch * batches), batch), 1);
}

/** How often each asks the disk to make things durable. @param {boolean} quick @param {string | undefined} dir @returns {Row[]} */
function syncRows(quick, dir) {
  const batches = quick ? 20 : 200;
  const count = (/** @type {string} */ system) => countSyncs({ system, batch: 10, batches }, dir);
  progress("counting syncs");
  const ours = count("ours");
  const hypercore = count("hypercore");
  const flushed = count("hypercore-flushed");
  if (ours === undefined || hypercore === undefined || flushed === undefined) return [];
  const group = "Append: fsync and fdatasync calls a batch, counted from outside";
  const common = /** @type {const} */ ({ group, unit: "", better: "more", ours });
  return [
    {
      ...common,
      what: "syncs",
      than: { name: "hypercore", value: hypercore },
      // Entries, then the head; and never fewer than the peer.
      target: { of: "ours", bound: Math.max(2, hypercore) },
      note: "ours: bodies and leaves at once, then the head. hypercore: none, an append survives its process but not the machine's",
    },
    { ...common, what: "syncs", than: { name: "hypercore + flush", value: flushed } },
  ];
}
