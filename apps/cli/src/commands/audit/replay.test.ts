import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-replay-"));
  await mkdir(join(dir, "COBB"));
  await writeFile(join(dir, "report.csv"), REPORT);
  await writeFile(
    join(dir, "COBB", "ballot manifest.csv"),
    "Batch Name,Number of Ballots\r\nA,60\r\nB,40\r\nTotal,100\r\n",
  );
  await writeFile(join(dir, "COBB", "tallies.csv"), "\ufeffBatch Name,Ada,Bob\nA,40,20\nB,20,20\n");
  await writeFile(join(dir, "boards.csv"), "Board,Member\n1,X\n");
});
afterAll(() => rm(dir, { recursive: true }));

/* Both batches are counted, so no risk is left. The tickets are consistent_sampler's for ('COBB', 'A') and ('COBB', 'B'). */
const REPORT = [
  "######## ELECTION INFO ########",
  "Organization,Election Name,State",
  "Org,Mayor 2026,GA",
  "######## CONTESTS ########",
  "Contest Name,Targeted?,Number of Winners,Votes Allowed,Total Ballots Cast,Tabulated Votes",
  "Mayor,Targeted,1,1,100,Ada: 60; Bob: 40",
  "######## AUDIT SETTINGS ########",
  "Audit Name,Audit Type,Audit Math Type,Risk Limit,Random Seed,Online Data Entry?",
  "Audit,BATCH_COMPARISON,MACRO,5%,1234567890,No",
  "######## ROUNDS ########",
  "Round Number,Contest Name,Targeted?,Sample Size,Risk Limit Met?,P-Value,Start Time,End Time,Audited Votes",
  "1,Mayor,Targeted,2,Yes,0,T,T,Ada: 60; Bob: 40",
  "######## SAMPLED BATCHES ########",
  "Jurisdiction Name,Batch Name,Ticket Numbers,Audited?,Audit Results,Reported Results,Discrepancy,Last Edited By",
  "COBB,A,Round 1: 0.709581377333342353,Yes,Ada: 40; Bob: 20,Ada: 40; Bob: 20,,x",
  "COBB,B,Round 1: 0.543498140130844337,Yes,Ada: 20; Bob: 20,Ada: 20; Bob: 20,,x",
].join("\r\n");

it("replays a directory of published files", async () => {
  const { code, out, err } = await detente(["audit", "replay", dir]);
  expect(err).toBe(`${join(dir, "boards.csv")}: not used\n`);
  expect(out).toContain("Mayor 2026, BATCH_COMPARISON MACRO");
  expect(out).toContain("Nothing differs");
  expect(code).toBe(0);
});

it("names what differs, what cannot be checked, and what it cannot use", async () => {
  const report = join(dir, "other.csv");
  await writeFile(report, REPORT.replace("0.543498140130844337", "0.543498140130844338"));
  const files = ["A=tallies.csv", "A=ballot manifest.csv"].map((name) =>
    name.replace("A=", `COBB=${join(dir, "COBB")}/`),
  );
  const differs = await detente(["audit", "replay", report, ...files, "--differences", "--json"]);
  expect(differs.code).toBe(1);
  const { lines, totals } = JSON.parse(differs.out) as { lines: { what: string; line: number }[]; totals: object[] };
  expect(lines.map(({ what, line }) => [what, line])).toEqual([["COBB, B", 16]]);
  expect(totals).toContainEqual({ step: "draw", agrees: 1, differs: 1, unchecked: 0 });
  expect((await detente(["audit", "replay", join(dir, "report.csv")])).code).toBe(2);
  const unusable = await detente(["audit", "replay", join(dir, "boards.csv")]);
  expect(unusable).toMatchObject({ code: 2, out: "" });
  expect(unusable.err).toContain("is none of the files that a replay reads");
});
