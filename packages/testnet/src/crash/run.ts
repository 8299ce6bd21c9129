import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fromBase64, present, unwrap } from "@detente/basics";
import { type RunningStation, startStation } from "@detente/station";
import { type Acknowledged, checkRunning, checkStopped } from "./check.ts";
import type { Report } from "./driver.ts";
import { failingDisk, type Operation, readOperations, type Strike } from "./failing-disk.ts";
import { SignedHeads } from "./heads-seen.ts";
import { FAULTED, OTHER } from "./names.ts";
import { checkOnDisk } from "./on-disk.ts";
import { liveSteadily } from "./steady.ts";
import type { TwoParties } from "./unit.ts";

const DRIVER = fileURLToPath(new URL("../../dist/crash/driver.js", import.meta.url));

/** A driver that has not ended by then hangs. */
const DRIVER_MS = 90_000;

/** How long a workload waits for what cannot come any more where the disk was struck, and for what has to come. */
const PATIENCE = { struck: 3000, unstruck: 60_000 } as const;

/** How the faulted process came to its end. */
export type End = "killed" | "finished" | "refused to start" | "died of an error" | "hung";

export interface Outcome {
  readonly end: End;
  /** What it did to its directory. */
  readonly operations: readonly Operation[];
  /** Statements that it acknowledged. */
  readonly said: number;
  /** Sizes of which a signed head was seen. */
  readonly heads: number;
  /** Everything that must not be. */
  readonly problems: readonly string[];
}

export interface RunOptions {
  readonly unit: TwoParties;
  /** The compiled failing disk. */
  readonly library: string;
  /** The directory whose operations count, below the faulted station's: `""`, or a path that begins with `/`. */
  readonly below: string;
  /** Where this run's copies of both directories go; must not exist. */
  readonly directory: string;
  readonly strike?: Strike;
  /**
   * Kills the process, instead of the disk, so many milliseconds after its first acknowledgement; one life for each,
   * with the same directory.
   */
  readonly killAfter?: readonly number[];
}

/**
 * One life of a unit of two: copies both directories, runs the faulted party's station in a process of its own until its
 * end, starts it again on a sound disk, and checks what must hold. The directory is removed unless something was wrong.
 */
export async function runOnce(options: RunOptions): Promise<Outcome> {
  const { unit, directory } = options;
  const heads = new SignedHeads(unit.party[FAULTED]);
  const acknowledged: Acknowledged[] = [];
  const dir = `${directory}/${FAULTED}`;
  mkdirSync(directory, { recursive: true });
  for (const name of [FAULTED, OTHER] as const) {
    cpSync(`${unit.base}/${name}`, `${directory}/${name}`, { recursive: true });
    unit.tap[name].exchanges.length = 0;
    unit.tap[name].isPatient = true;
  }
  const problems: string[] = [];
  const tooLong = AbortSignal.timeout(120_000);
  const steady = unwrap(await startStation({ dir: `${directory}/${OTHER}`, logger: "silent" }));
  const steadySaid = liveSteadily(steady.station, tooLong);
  steadySaid.catch(() => undefined);
  let end: End = "finished";
  for (const killAfter of options.killAfter ?? [undefined]) {
    end = await drive(options, dir, killAfter, (report) => {
      if (report.is !== "said") return;
      acknowledged.push(report);
      heads.note(present(fromBase64(report.note), "a note"), `acknowledging ${report.index}`);
    });
    problems.push(...(await checkOnDisk(unit, dir, steady, heads)));
  }
  if (end === "died of an error" || end === "hung") problems.push(`the process ${end}`);
  const operations = readOperations(`${directory}.log`);
  if (options.killAfter === undefined) problems.push(...unseen(options, operations));

  const again = await startStation({ dir, logger: "silent" });
  if (again.ok) {
    const faulted = again.value;
    const given = { unit, dir, faulted, steady, steadySaid, acknowledged, heads };
    problems.push(...(await checkRunning(given)));
    await stopAll(unit, [faulted, steady]);
    problems.push(...(await checkStopped(given)));
  } else {
    problems.push(`the station does not start again: ${again.fault.code}: ${again.fault.message}`);
    await stopAll(unit, [steady]);
  }
  if (problems.length === 0) {
    for (const left of [directory, `${directory}.log`, `${directory}.log.links`])
      rmSync(left, { recursive: true, force: true });
  }
  return {
    end,
    operations,
    said: acknowledged.length,
    heads: heads.count,
    problems,
  };
}

async function stopAll({ tap }: TwoParties, stations: readonly RunningStation[]): Promise<void> {
  for (const name of [FAULTED, OTHER] as const) tap[name].isPatient = false;
  await Promise.all(stations.map((station) => station.stop()));
}

/** Files that were made though no operation did it: then there are writes that the failing disk does not see. */
function unseen({ unit, directory, below }: RunOptions, operations: readonly Operation[]): string[] {
  const seen = new Set(operations.map(({ path }) => path));
  const files = (root: string): string[] =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length));
  const before = new Set(files(`${unit.base}/${FAULTED}${below}`));
  const made = files(`${directory}/${FAULTED}${below}`).filter((file) => !before.has(file) && !seen.has(file));
  return made.map((file) => `${file} was made unseen`);
}

async function drive(
  { library, directory, below, strike, killAfter }: RunOptions,
  dir: string,
  after: number | undefined,
  onReport: (report: Report) => void,
): Promise<End> {
  const stderr = openSync(`${directory}/stderr.txt`, "a");
  const disk = killAfter === undefined ? failingDisk(library, dir + below, `${directory}.log`, strike) : {};
  const child = spawn(
    process.execPath,
    [
      DRIVER,
      dir,
      after === undefined ? "workload" : "appends",
      String(PATIENCE[strike === undefined ? "unstruck" : "struck"]),
      ...(strike?.mode === "eio-lost" ? [`${dir}${below}/power-goes-now`] : []),
    ],
    { env: { ...process.env, ...disk }, stdio: ["ignore", "pipe", stderr] },
  );
  closeSync(stderr);
  let hung = false;
  const watchdog = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, DRIVER_MS);
  let refused = false;
  let killing: NodeJS.Timeout | undefined;
  for await (const line of createInterface({ input: present(child.stdout, "the driver's reports") })) {
    // A line that was cut off in the middle told nobody anything.
    const report = parse(line);
    if (report === undefined) continue;
    if (report.is === "refused") refused = true;
    if (report.is === "said" && after !== undefined) killing ??= setTimeout(() => child.kill("SIGKILL"), after);
    onReport(report);
  }
  const { code, signal } = await ended(child);
  clearTimeout(watchdog);
  if (hung) return "hung";
  if (signal === "SIGKILL") return "killed";
  if (refused) return "refused to start";
  return code === 0 ? "finished" : "died of an error";
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const { exitCode: code, signalCode: signal } = child;
  if (code !== null || signal !== null) return Promise.resolve({ code, signal });
  return new Promise((resolve) => child.on("exit", (exitCode, by) => resolve({ code: exitCode, signal: by })));
}

function parse(line: string): Report | undefined {
  try {
    return JSON.parse(line) as Report;
  } catch {
    return undefined;
  }
}
