import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../bin/detente.js", import.meta.url));
const isBuilt = existsSync(fileURLToPath(new URL("../dist/main.js", import.meta.url)));
/** Linux's device on which every write fails as on a full disk (full(4)). */
const FULL = "/dev/full";

it.skipIf(!isBuilt || !existsSync(FULL))("an answer that cannot be written is trouble, not a no", () => {
  const full = openSync(FULL, "w");
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, "--help"], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  expect({ status, stderr: stderr.toString() }).toEqual({
    status: 2,
    stderr: expect.stringMatching(/^detente: standard output: cannot be written \(ENOSPC.*\) — make room, .*\n$/),
  });
});

it.skipIf(!isBuilt)("what watches ends when it is stopped, however long it would pause", async () => {
  const dir = await mkdtemp(join(tmpdir(), "detente-cli-main-"));
  await writeFile(join(dir, "r.csv"), "precinct,contest,choice,votes\nP1,Mayor,Ada,4\nTotal,Mayor,Ada,5\n");
  const watching = spawn(process.execPath, [PROGRAM, "results", "watch", dir, "--interval", "1h"]);
  try {
    await once(watching.stdout, "data");
    watching.kill("SIGTERM");
    expect(await once(watching, "exit")).toEqual([1, null]);
  } finally {
    watching.kill("SIGKILL");
    await rm(dir, { recursive: true });
  }
});
