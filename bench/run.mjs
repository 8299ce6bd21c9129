/**
 * `npm run bench [-- --quick --json --only name,… --dir path --keep]`: what Détente costs, beside what peers cost and
 * what the machine can do at all. Each suite runs in a process of its own, so that none pays for another's memory.
 */
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { runApart } from "./lib/apart.mjs";
import { formatTable, isMet, ratioOf } from "./lib/report.mjs";
import { SUITES, TASKS } from "./lib/tasks.mjs";

/** @typedef {import("./lib/report.mjs").Row} Row */

const HELP = `npm run bench -- [--quick] [--json] [--only ${Object.keys(SUITES).join(",")}] [--dir path] [--keep]
  --quick  small sizes and few rounds; targets that are about a size are not judged
  --json   one JSON document instead of the table
  --only   some suites, by name
  --dir    where to write; the disk below it is part of what is measured (default: data/ in the working copy)
  --keep   leave the logs that screen generates, and take them up where they are already`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string" },
    dir: { type: "string" },
    keep: { type: "boolean", default: false },
    task: { type: "string" },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.task !== undefined) await runTask(values.task, positionals[0] ?? "{}");
else if (values.help) console.log(HELP);
else await runSuites();

/** In a process of its own. @param {string} name @param {string} input */
async function runTask(name, input) {
  const task = TASKS[name];
  if (task === undefined) throw new Error(`no such task: ${name}`);
  const output = await task(JSON.parse(input));
  if (!process.connected) return; // Nobody waits: run from outside, or told to end.
  process.send?.({ output });
  process.disconnect();
}

async function runSuites() {
  const names = values.only?.split(",") ?? Object.keys(SUITES);
  const unknown = names.find((name) => !(name in SUITES));
  if (unknown !== undefined) {
    console.error(`no such suite: ${unknown}\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  /** @type {Row[]} */
  const rows = [];
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    const start = performance.now();
    const { quick, dir, keep } = values;
    rows.push(.../** @type {Row[]} */ (await runApart(name, { quick, dir, keep })));
    process.stderr.write(`  ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
  const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const about = { date: new Date().toISOString().slice(0, 10), node: process.version, machine, quick: values.quick };
  if (values.json) {
    const judged = rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) }));
    console.log(JSON.stringify({ ...about, rows: judged }, undefined, 2));
  } else {
    console.log(`${about.date}, Node ${about.node}, ${machine}${values.quick ? ", --quick" : ""}\n`);
    console.log(formatTable(rows));
  }
}
