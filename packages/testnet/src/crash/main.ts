/**
 * `npm run crash -- [--minutes N] [--seed N] [--again]`: strikes a real station at every operation of its workload in
 * every mode, one after another, and says what did not hold. It goes on where it was stopped; `--again` begins anew.
 */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mulberry32 } from "../random.ts";
import { buildFailingDisk, whyNoFailingDisk } from "./failing-disk.ts";
import { allJobs, type Job, jobKey, shuffled } from "./plan.ts";
import { type End, runOnce } from "./run.ts";
import { grown, type Scenario, young } from "./scenarios.ts";

/** A line of the state file: a job that was done. */
interface Done extends Job {
  readonly end: End;
  readonly said: number;
  readonly operation: string;
  readonly problems: readonly string[];
}

const STATE = fileURLToPath(new URL("../../../../node_modules/.cache/crash", import.meta.url));
const KILLS = { rounds: 20, fromMs: 0, toMs: 1000 };

const { values } = parseArgs({
  options: { minutes: { type: "string" }, seed: { type: "string" }, again: { type: "boolean" } },
});
const until = Date.now() + Number(values.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
const random = mulberry32(Number(values.seed ?? 1));

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function strikeAll(base: string, library: string, scenarios: readonly Scenario[], file: string): Promise<Done[]> {
  const done = new Map<string, Done>();
  if (existsSync(file)) {
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const one = JSON.parse(line) as Done;
      done.set(jobKey(one), one);
    }
  }
  const jobs: Job[] = [];
  for (const { name, unit, below } of scenarios) {
    const { operations, problems } = await runOnce({ unit, library, below, directory: `${base}/${name}-count` });
    if (problems.length > 0) throw new Error(`${name}, with nothing struck: ${problems.join("; ")}`);
    print(`${name}: ${operations.length} operations`);
    jobs.push(...allJobs(name, operations));
  }
  const left = shuffled(
    jobs.filter((job) => !done.has(jobKey(job))),
    random,
  );
  print(`${jobs.length} runs in all, ${left.length} of them to be made`);
  const start = Date.now();
  for (const [i, job] of left.entries()) {
    if (Date.now() > until) break;
    const { unit, below } = scenarios.find(({ name }) => name === job.scenario) as Scenario;
    const directory = `${base}/${jobKey(job).replaceAll(" ", "-")}`;
    const { end, said, operations, problems } = await runOnce({ unit, library, below, directory, strike: job });
    const struck = operations.find((operation) => operation.struck);
    const operation = struck === undefined ? "" : `${struck.kind} ${struck.path}`;
    const one: Done = { ...job, end, said, operation, problems };
    appendFileSync(file, `${JSON.stringify(one)}\n`);
    done.set(jobKey(job), one);
    if (problems.length > 0) print(`${jobKey(job)} (${operation}): ${problems.join("; ")}\n  kept in ${directory}`);
    if ((i + 1) % 25 === 0) {
      const each = (Date.now() - start) / (i + 1);
      print(
        `${i + 1} of ${left.length}, ${(each / 1000).toFixed(1)} s each, ${Math.ceil(((left.length - i) * each) / 60_000)} min left for all`,
      );
    }
  }
  return [...done.values()];
}

function summarise(done: readonly Done[]): void {
  const ends: readonly End[] = ["killed", "finished", "refused to start", "died of an error", "hung"];
  const row = (cells: readonly (string | number)[]): string =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(14) : String(cell).padStart(17))).join("");
  print(row(["mode", "runs", ...ends, "acknowledged", "with problems"]));
  for (const mode of [...new Set(done.map((one) => one.mode))].sort()) {
    const runs = done.filter((one) => one.mode === mode);
    const counts = ends.map((end) => runs.filter((one) => one.end === end).length);
    const said = runs.reduce((sum, one) => sum + one.said, 0);
    print(row([mode, runs.length, ...counts, said, runs.filter(({ problems }) => problems.length > 0).length]));
  }
}

const why = whyNoFailingDisk();
if (why !== undefined) throw new Error(`stations cannot be given a failing disk here: ${why}`);
mkdirSync(STATE, { recursive: true });
const file = `${STATE}/done.jsonl`;
if (values.again === true) rmSync(file, { force: true });
const base = mkdtempSync(`${tmpdir()}/detente-crash-`);
const library = buildFailingDisk(base);
const scenarios = [await young(base), await grown(base)];
const done = await strikeAll(base, library, scenarios, file);

const killAfter = Array.from({ length: KILLS.rounds }, () => KILLS.fromMs + random() * (KILLS.toMs - KILLS.fromMs));
const [first] = scenarios as [Scenario];
const killed = await runOnce({ unit: first.unit, library, directory: `${base}/kills`, below: "", killAfter });
for (const { unit } of scenarios) await unit.close();

summarise(done);
print(
  `killed ${KILLS.rounds} times at any moment: ${killed.said} statements acknowledged, ${killed.problems.join("; ") || "none lost"}`,
);
const failed = done.filter(({ problems }) => problems.length > 0).length + killed.problems.length;
if (failed === 0) rmSync(base, { recursive: true });
print(failed === 0 ? "Everything held." : `${failed} runs did not hold; their directories are below ${base}.`);
process.exitCode = failed === 0 ? 0 : 1;
