import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
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
