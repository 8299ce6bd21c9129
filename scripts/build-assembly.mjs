/**
 * Compiles the AssemblyScript of each package to WebAssembly in its `dist/`, where a source is newer. The compiler checks
 * the types of these files; they are not TypeScript's.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL("../", import.meta.url));

// Traps need no message: they are faults of ours.
const COMMON = ["-O3", "--runtime=stub", "--use=abort="];

const PROGRAMS = [
  {
    sources: "packages/screen/assembly",
    target: "packages/screen/dist/sieve.wasm",
    flags: ["--enable=simd,threads", "--importMemory", "--sharedMemory", "--maximumMemory=65536"],
  },
  {
    sources: "packages/match/assembly",
    target: "packages/match/dist/ristretto.wasm",
    // Vectors pass between functions of the program, never to the host: no need to warn of them.
    flags: ["--enable=simd", "--zeroFilledMemory", "--disableWarning", "112"],
  },
];

/** Throws when the compiler, which writes its messages to standard error, finds fault. */
export function buildAssembly() {
  for (const { sources, target, flags } of PROGRAMS) {
    const from = join(ROOT, sources);
    const to = join(ROOT, target);
    const newest = Math.max(...readdirSync(from).map((name) => statSync(join(from, name)).mtimeMs));
    if ((statSync(to, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest) continue;
    mkdirSync(dirname(to), { recursive: true });
    // In a process of its own: the compiler's types would declare AssemblyScript's globals for all of the repository.
    const compiler = require.resolve("assemblyscript/bin/asc.js");
    execFileSync(process.execPath, [compiler, join(from, "index.ts"), "--outFile", to, ...COMMON, ...flags], {
      cwd: ROOT,
      stdio: "inherit",
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildAssembly();
