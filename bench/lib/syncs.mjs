import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { progress } from "./measure.mjs";

const RUN = fileURLToPath(new URL("../run.mjs", import.meta.url));

/**
 * Counts what a system asks of the disk while it appends, from outside (strace), since peers sync in native code.
 * What opening and closing cost is counted apart and left out.
 * @param {{ system: string, batch: number, batches: number }} work
 * @param {string | undefined} dir
 * @returns {number | undefined} fsync and fdatasync calls a batch; `undefined` where strace cannot be used
 */
export function countSyncs(work, dir) {
  const whole = traced(work, dir);
  const empty = traced({ ...work, batches: 0 }, dir);
  return whole === undefined || empty === undefined ? undefined : Math.max(0, whole - empty) / work.batches;
}

/** @param {{ system: string, batch: number, batches: number }} work @param {string | undefined} dir */
function traced(work, dir) {
  const place = mkdtempSync(join(dir ?? tmpdir(), "bench-syncs-"));
  try {
    const summary = join(place, "strace");
    const task = JSON.stringify({ ...work, place });
    const command = ["-f", "-c", "-e", "trace=fsync,fdatasync", "-o", summary, process.execPath, RUN];
    const { status, error } = spawnSync("strace", [...command, "--task", "append-for-count", task]);
    if (error !== undefined || status !== 0) {
      progress(`syncs are not counted: strace ${error === undefined ? `ended with ${status}` : "is not here"}`);
      return undefined;
    }
    let calls = 0;
    for (const line of readFileSync(summary, "utf8").split("\n")) {
      const fields = line.trim().split(/\s+/);
      if (fields.at(-1) === "fsync" || fields.at(-1) === "fdatasync") calls += Number(fields[3]);
    }
    return calls;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
