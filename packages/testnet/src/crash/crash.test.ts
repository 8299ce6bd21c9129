import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mulberry32 } from "../random.ts";
import { buildFailingDisk, MODES, whyNoFailingDisk } from "./failing-disk.ts";
import { allJobs, type Job, shuffled } from "./plan.ts";
import { type Outcome, runOnce } from "./run.ts";
import { type Scenario, young } from "./scenarios.ts";

/*
 * A real station process on a disk that fails: at one operation for each way in which it can, chosen by the seed.
 * `npm run crash` goes through all of them, and through those of a log that is being published.
 */

const SEED = 20_260_731;
const why = whyNoFailingDisk();

describe.skipIf(why !== undefined)(
  `a station on a failing disk${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    let base: string;
    let library: string;
    let scenario: Scenario;
    let jobs: Job[];

    const run = (
      options: { directory: string } & Pick<Parameters<typeof runOnce>[0], "strike" | "killAfter">,
    ): Promise<Outcome> => runOnce({ unit: scenario.unit, below: scenario.below, library, ...options });

    beforeAll(async () => {
      base = mkdtempSync(`${tmpdir()}/detente-crash-`);
      library = buildFailingDisk(base);
      scenario = await young(base);
    });

    afterAll(async () => {
      await scenario.unit.close();
      rmSync(base, { recursive: true });
    });

    test("works where nothing fails, and every write goes through the failing disk, SQLite's too", async () => {
      const { end, said, operations, problems } = await run({ directory: `${base}/count` });
      expect({ end, said, problems }).toEqual({ end: "finished", said: 9, problems: [] });
      const written = new Set(
        operations.filter(({ kind }) => kind === "write").map(({ path }) => path.split("/").at(-1)),
      );
      expect([...written]).toEqual(
        expect.arrayContaining(["state.sqlite-wal", "index.sqlite-wal", "journal-0.log", "000000.pack"]),
      );
      jobs = shuffled(allJobs(scenario.name, operations), mulberry32(SEED));
    });

    test.each(MODES)(
      "%s: nothing acknowledged is lost, no second head is signed, it starts and goes on",
      async (mode) => {
        const strike = jobs.find((job) => job.mode === mode);
        expect(strike).toBeDefined();
        const outcome = await run({ directory: `${base}/${mode}`, ...(strike === undefined ? {} : { strike }) });
        expect(outcome.problems, `at operation ${strike?.at}`).toEqual([]);
      },
    );

    test("killed again and again at any moment, with the same directory", async () => {
      const random = mulberry32(SEED);
      const killAfter = Array.from({ length: 3 }, () => 400 * random());
      const { said, problems } = await run({ directory: `${base}/kills`, killAfter });
      expect(problems).toEqual([]);
      expect(said).toBeGreaterThan(0);
      expect(existsSync(`${base}/kills`)).toBe(false);
    });
  },
);
