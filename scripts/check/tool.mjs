import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/**
 * Runs one of the installed command line tools from the repository's root.
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<{ ok: boolean, output: string }>} standard output and error as they came
 */
export function tool(name, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, "node_modules/.bin", name), args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}
