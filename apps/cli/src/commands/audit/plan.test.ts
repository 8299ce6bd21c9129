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
  expect((await detente(plan("--cards", "1000", "--limit", "7"))).out).toContain(
    "Ada leads Bob by 200 votes, 20.00 % of 1,000 cards; risk limit 7 %\n",
  );
});

it.each([
  ["--limit", "0", "only a count of all cards"],
  ["--limit", "100", "is no percentage from 0 to below 100"],
  ["--runs", "0", '"0" is less than 1'],
  ["--boards", "0", '"0" is less than 1'],
  ["--minutes", "x", '"x" is no number above 0'],
  ["--over", "46", "with errors of all kinds more than all records"],
  ["--cards", "1000000001", "is more than 1000000000"],
  ["--runs", "100001", "is more than 100000"],
])("refuses %s %s", async (flag, value, words) => {
  const { code, err } = await detente([
    "audit",
    "plan",
    "--votes",
    "Ada=6,Bob=4",
    ...(flag === "--cards" ? [] : ["--cards", "10"]),
    flag,
    value,
  ]);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

it("refuses a plan without a margin or cards", async () => {
  expect((await detente(plan())).err).toBe("detente: --cards: is missing — say it, or give a manifest\n");
  const tie = await detente(["audit", "plan", "--votes", "Ada=5,Bob=5", "--cards", "10"]);
  expect(tie).toMatchObject({ code: 2 });
  expect(tie.err).toContain("nobody wins by a vote");
});

it("refuses more votes for one choice than cards", async () => {
  const { code, err } = await detente(["audit", "plan", "--votes", "Ada=30,Bob=0", "--cards", "20"]);
  expect([code, err]).toEqual([
    2,
    "detente: --cards: Ada has 30 votes on 20 cards — count each card that may hold the contest\n",
  ]);
});

it("tells batches of the same name apart by their tabulators", async () => {
  const [manifest, tallies] = [join(dir, "tabulators.csv"), join(dir, "by-tabulator.csv")];
  await writeFile(manifest, "Tabulator,Batch Name,Number of Ballots\n1,A,600\n2,A,400\n");
  await writeFile(tallies, "Tabulator,Batch Name,Ada,Bob\n1,A,400,200\n2,A,200,200\n");
  const { out } = await detente(plan("--manifest", manifest, "--tallies", tallies, "--json"));
  // As with A and B above: 600 + 400·(1 − (2/3)^17) cards.
  expect(JSON.parse(out)).toMatchObject({ batches: { draws: 17, different: 2, cards: 1000 } });
});

it.each([
  ["A,100,200\nB,200,200\n", "tallies.csv: adds up to Ada 300, Bob 400, which --votes has the other way"],
  ["A,601,200\nB,200,200\n", "tallies.csv:2: has 601 votes for one choice, its manifest 600 cards"],
  ["A,400,200\nC,200,200\n", "tallies.csv:3: the batch C is not in the manifest, or not once"],
])("refuses tallies that do not fit: %j", async (rows, words) => {
  const bad = join(dir, "bad-tallies.csv");
  await writeFile(bad, `Batch Name,Ada,Bob\n${rows}`);
  const { code, err } = await detente(plan("--manifest", join(dir, "manifest.csv"), "--tallies", bad));
  expect(code).toBe(2);
  expect(err).toContain(words);
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
