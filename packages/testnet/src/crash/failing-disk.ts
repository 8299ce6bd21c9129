import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SOURCES = ["failing-disk.c", "unsynced.c"].map((name) =>
  fileURLToPath(new URL(`../../src/crash/${name}`, import.meta.url)),
);

/** What happens at the operation that is struck; see failing-disk.c. */
export const MODES = [
  "before",
  "after",
  "half",
  "eio-once",
  "eio-on",
  "enospc-once",
  "enospc-on",
  "power",
  "power-data",
  "eio-lost",
] as const;

export type Mode = (typeof MODES)[number];

/** Strikes at the operation of this number, from 1. */
export interface Strike {
  readonly mode: Mode;
  readonly at: number;
}

/** What a process did to a directory, in order. */
export interface Operation {
  readonly kind: "write" | "fsync" | "fdatasync" | "rename" | "unlink" | "truncate" | "create" | "empty" | "mkdir";
  readonly bytes: number;
  /** Below the directory. */
  readonly path: string;
  /** Whether this is the one that was struck. */
  readonly struck: boolean;
}

/** Why processes cannot be given a failing disk here; `undefined` where they can. */
export function whyNoFailingDisk(): string | undefined {
  if (process.platform !== "linux") return `LD_PRELOAD is Linux's; this is ${process.platform}`;
  try {
    execFileSync("cc", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "there is no C compiler (cc)";
  }
}

/** Compiles the library; gives its path in `directory`. */
export function buildFailingDisk(directory: string): string {
  const library = `${directory}/failing-disk.so`;
  const flags = ["-shared", "-fPIC", "-fvisibility=hidden", "-O1", "-Wall", "-Wextra", "-Werror"];
  execFileSync("cc", [...flags, "-o", library, ...SOURCES, "-ldl", "-lpthread"]);
  return library;
}

/** The environment of a process whose writes below `directory` are counted, and struck where it says so. */
export function failingDisk(library: string, directory: string, log: string, strike?: Strike): NodeJS.ProcessEnv {
  mkdirSync(`${log}.links`, { recursive: true });
  return {
    LD_PRELOAD: library,
    FAILING_DISK_DIR: directory,
    FAILING_DISK_LOG: log,
    FAILING_DISK_SIDE: `${log}.links`,
    FAILING_DISK_AT: String(strike?.at ?? 0),
    FAILING_DISK_MODE: strike?.mode ?? "count",
    // What libuv asks of io_uring cannot be interposed. Node leaves it off; this keeps it so.
    UV_USE_IO_URING: "0",
  };
}

export function readOperations(log: string): Operation[] {
  if (!existsSync(log)) return [];
  const operations: Operation[] = [];
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [first, kind, bytes, path] = line.split("\t");
    if (first === "fault") operations.push({ ...(operations.pop() as Operation), struck: true });
    else if (path !== undefined)
      operations.push({ kind: kind as Operation["kind"], bytes: Number(bytes), path, struck: false });
  }
  return operations;
}
