import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where Debian's package puts it. */
export const CHROMIUM = "/usr/bin/chromium";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens a page in a new profile, lets its scripts finish and returns the document as it then is.
 * @param {string} url
 * @returns {Promise<string>} HTML
 */
export async function dumpDom(url) {
  const profile = mkdtempSync(join(tmpdir(), "detente-chromium-"));
  try {
    return await new Promise((resolve, reject) => {
      // Virtual time passes as soon as nothing is left to do, so this is a limit for endless pages and no wait.
      const args = [...FLAGS, `--user-data-dir=${profile}`, "--virtual-time-budget=30000", "--dump-dom", url];
      execFile(CHROMIUM, args, { timeout: 60_000, killSignal: "SIGKILL" }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`chromium failed: ${stderr}`, { cause: error })),
      );
    });
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
