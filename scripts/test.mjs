/**
 * `npm test [-- vitest's arguments]`: builds, because the tests of programs start what was built, then runs vitest.
 * The last line is `N passed, N failed, N skipped` whatever happens: vitest's reporter writes it, and this writes it
 * where things went wrong before vitest had a reporter.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildAssembly } from "./build-assembly.mjs";

const ROOT = new URL("../", import.meta.url);

/**
 * @param {string} program path from the root
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, reported: boolean }>}
 */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(program, ROOT), args, { cwd: fileURLToPath(ROOT), stdio: "inherit" });
    let reported = false;
    child.on("message", () => (reported = true));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, reported }));
  });
}

buildAssembly();
let result = await run("node_modules/typescript/bin/tsc", ["-b", "tsconfig.build.json"]);
if (result.code === 0) result = await run("node_modules/vitest/vitest.mjs", ["run", ...process.argv.slice(2)]);
if (!result.reported) console.log("0 passed, 1 failed, 0 skipped");
process.exitCode = result.reported ? result.code : result.code || 1;
