/**
 * Before any test: what runs in threads of its own is built, since Node loads neither TypeScript nor AssemblyScript.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildAssembly } from "./build-assembly.mjs";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

export function setup() {
  buildAssembly();
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-b", "packages/station"], {
    cwd: ROOT,
    stdio: "inherit",
  });
}
