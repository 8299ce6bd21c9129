import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { withPlanted } from "./planting.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Runs vitest, as this repository configures it, over a tree of tests. */
function ending(files: Record<string, string>): Promise<{ status: number | null; lastLine: string | undefined }> {
  return withPlanted(files, (directory) => {
    const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--globals", "--root", directory, "--config", join(ROOT, "vitest.config.ts")];
    const { status, stdout } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
    return { status, lastLine: stdout.split("\n").at(-2) };
  });
}

test.each([
  ["a pass", { "scripts/a.test.ts": "test('a', () => {})" }, 0, "1 passed, 0 failed, 0 skipped"],
  [
    "failures, skips and a file that does not load",
    {
      "scripts/a.test.ts": "test('a', () => {}); test('b', () => { throw 1 }); test.skip('c'); test.todo('d')",
      "scripts/b.test.ts": "import './absent.ts'",
    },
    1,
    "1 passed, 2 failed, 2 skipped",
  ],
  [
    "an error outside any test",
    { "scripts/a.test.ts": "test('a', () => void Promise.reject(new Error('late')))" },
    1,
    "1 passed, 1 failed, 0 skipped",
  ],
  ["no tests at all", { "README.md": "" }, 1, "0 passed, 1 failed, 0 skipped"],
])("the last line after %s", async (_, files, status, lastLine) => {
  expect(await ending(files)).toEqual({ status, lastLine });
});
