/**
 * Compiles `packages/screen/assembly` (AssemblyScript) to `packages/screen/dist/sieve.wasm`, if a source is newer. The
 * compiler checks the types of these files; they are not TypeScript's.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SOURCES = join(ROOT, "packages/screen/assembly");
const TARGET = join(ROOT, "packages/screen/dist/sieve.wasm");

const FLAGS = [
  "-O3",
  "--runtime=stub",
  "--enable=simd,threads",
  "--importMemory",
  "--sharedMemory",
  "--maximumMemory=65536",
  // Traps need no message: they are faults of ours.
  "--use=abort=",
];

/** Throws when the compiler, which writes its messages to standard error, finds fault. */
export function buildSieve() {
  const newest = Math.max(...readdirSync(SOURCES).map((name) => statSync(join(SOURCES, name)).mtimeMs));
  if ((statSync(TARGET, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest) return;
  mkdirSync(dirname(TARGET), { recursive: true });
  // In a process of its own: the compiler's types would declare AssemblyScript's globals for all of the repository.
  const compiler = require.resolve("assemblyscript/bin/asc.js");
  execFileSync(process.execPath, [compiler, join(SOURCES, "index.ts"), "--outFile", TARGET, ...FLAGS], {
    cwd: ROOT,
    stdio: "inherit",
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildSieve();
