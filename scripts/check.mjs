/**
 * `npm run check [-- gate…]`: every gate that keeps the house in order, then one line for each.
 * A gate that cannot fail is worth nothing, so each must first refuse a small tree with a violation planted in it.
 */
import { GATES } from "./check/gates.mjs";
import { ROOT } from "./check/tool.mjs";
import { withPlanted } from "./planting.mjs";

/** @typedef {import("./check/gates.mjs").Gate} Gate */

/** @param {Gate} gate @returns {Promise<import("./check/gates.mjs").Outcome & { ms: number }>} */
async function judge(gate) {
  const start = performance.now();
  const planted = await withPlanted(gate.planted, gate.run);
  const missed = gate.caught.filter((text) => !planted.details.includes(text));
  const outcome =
    planted.ok || missed.length > 0
      ? {
          ok: false,
          note: "the gate itself is broken",
          details: `not caught: ${missed.join(", ")}\n${planted.details}`,
        }
      : await gate.run(ROOT);
  return { ...outcome, ms: performance.now() - start };
}

const wanted = process.argv.slice(2);
const gates = GATES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
if (gates.length === 0) {
  throw new Error(`no such gate: ${wanted.join(", ")}; there are ${GATES.map(({ name }) => name).join(", ")}`);
}

const results = [];
for (const gate of gates) {
  // One at a time: each tool uses all cores by itself, and lint reads what types has built.
  const outcome = await judge(gate);
  if (!outcome.ok) console.log(`── ${gate.name} ──\n${outcome.details.trim()}\n`);
  results.push({ name: gate.name, ...outcome });
}

for (const { name, ok, note, ms } of results) {
  console.log(`${ok ? "ok    " : "FAILED"} ${name.padEnd(10)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${note}`);
}
const failed = results.filter(({ ok }) => !ok).length;
console.log(failed === 0 ? "All checks passed." : `${failed} of ${results.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
