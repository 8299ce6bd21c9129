import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";

let dir: string;
const MANIFEST = "Batch Name,Number of Ballots\nA,600\nB,400\n";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-plan-"));
  await writeFile(join(dir, "manifest.csv"), MANIFEST);
  await writeFile(join(dir, "tallies.csv"), "Batch Name,Ada,Bob\nA,400,200\nB,200,200\n");
});
afterAll(() => rm(dir, { recursive: true }));

const plan = (...more: string[]): string[] => ["audit", "plan", "--votes", "Ada=600,Bob=400", "--runs", "20", ...more];

it("plans every test, with batches and work", async () => {
  const files = ["--manifest", join(dir, "manifest.csv"), "--tallies", join(dir, "tallies.csv")];
  const { code, out } = await detente(plan(...files, "--minutes", "6", "--boards", "2", "--json"));
  expect(code).toBe(0);
  const answer = JSON.parse(out) as {
    tests: { test: string; flawless?: number; hours: number; planned: number }[];
    batches: object;
  };
  expect(answer.tests.map(({ test }) => test)).toEqual(["cobra", "super-simple", "alpha", "bravo", "minerva"]);
  // ⌈−2γ·ln 0.05/0.2⌉
  expect(answer.tests[1]?.flawless).toBe(32);
  expect(answer.tests[1]?.hours).toBeCloseTo((answer.tests[1]!.planned * 6) / 60 / 2, 9);
  // Bounds of MACRO: 800/200 and 400/200, U = 6; ⌈ln 0.05/ln(5/6)⌉.
  expect(answer.batches).toMatchObject({ draws: 17, different: 2 });
  expect((await detente(plan("--cards", "1000"))).out).toContain("Ada leads Bob by 200 votes, 20.00 % of 1,000 cards");
});

it.each([
  ["--limit", "0", "only a count of all cards"],
  ["--limit", "100", "is no percentage from 0 to below 100"],
  ["--runs", "0", '"0" is less than 1'],
  ["--boards", "0", '"0" is less than 1'],
  ["--minutes", "x", '"x" is no number above 0'],
])("refuses %s %s", async (flag, value, words) => {
  const { code, err } = await detente(["audit", "plan", "--votes", "Ada=6,Bob=4", "--cards", "10", flag, value]);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

it("refuses a plan without a margin or cards", async () => {
  expect((await detente(plan())).err).toBe("detente: --cards: is missing — say it, or give a manifest\n");
  const tie = await detente(["audit", "plan", "--votes", "Ada=5,Bob=5", "--cards", "10"]);
  expect(tie).toMatchObject({ code: 2 });
  expect(tie.err).toContain("nobody wins by a vote");
});

it("writes sheets as CSV and as a page", async () => {
  const sheet = (...more: string[]): string[] => [
    "audit",
    "sheet",
    join(dir, "manifest.csv"),
    "--draw",
    "colorado",
    "--seed",
    "12345",
    "--count",
    "5",
    ...more,
  ];
  const { out } = await detente(sheet());
  expect(out.split("\n")[0]).toBe("No.,Batch,Container,Location,Card,Draws,Ticket,Found,Remarks");
  const page = join(dir, "sheet.html");
  expect((await detente(sheet("-o", page, "--title", "Adams"))).code).toBe(0);
  expect(await readFile(page, "utf8")).toContain("<title>Adams</title>");
  const bad = await detente(["audit", "sheet", join(dir, "manifest.csv"), "--seed", "12345", "--count", "5"]);
  expect(bad.err).toContain("--seed: is not 64 hex digits");
});
