import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./scripts/summary-reporter.mjs";

/** Workspace packages are read from their sources, so tests of a package never see a stale build of another. */
const conditions = ["source", "module", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{packages,apps}/*/src/**/*.test.ts", "{scripts,bench}/**/*.test.ts"],
    reporters: ["default", new SummaryReporter()],
    globalSetup: [fileURLToPath(new URL("scripts/build-for-tests.mjs", import.meta.url))],
    // Processes, not threads: tests open native databases, send signals and change directories.
    pool: "forks",
    // Files share a process, which then loads each module once: half of all time went into loading. So a test closes what
    // it opens, and changes nothing for those that come after it.
    isolate: false,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Whatever hangs ends by these. On a slow machine with other work a test may take twenty times as long as on a quiet one.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
