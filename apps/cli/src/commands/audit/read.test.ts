import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-audit-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

const RAIRE = "1\nContest,Mayor,2,Ada,Bob\nMayor,b1,Ada,Bob\nMayor,b2,Bob\nMayor,b3,\n";

it("says what cast-vote records hold", async () => {
  const path = await file("good.raire", RAIRE);
  const { code, out } = await detente(["audit", "read", path, "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    kind: "cvrs",
    format: "raire",
    election: "",
    cards: 3,
    phantoms: 0,
    faults: [],
    contests: [
      {
        name: "Mayor",
        voteFor: 1,
        isRanked: true,
        cards: 3,
        choices: [
          { name: "Ada", isWriteIn: false, marks: 1 },
          { name: "Bob", isWriteIn: false, marks: 1 },
        ],
      },
    ],
  });
  expect((await detente(["audit", "read", path])).out).toContain("3 cards, 1 contest (raire)");
});

it("ends at a row that cannot be read, or counts a phantom", async () => {
  const path = await file("bad.raire", `${RAIRE}Mayor,b4,Eve\n`);
  const refused = await detente(["audit", "read", path]);
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toBe(`detente: ${path}:6: names the unknown candidate "Eve"\n`);
  const kept = await detente(["audit", "read", path, "--phantoms"]);
  expect(kept).toMatchObject({ code: 1, err: `${path}:6: names the unknown candidate "Eve"\n` });
  expect(kept.out).toContain("1 row was counted as phantoms");
});

it("knows a manifest by its columns, as whoever draws from it does", async () => {
  const headings = "County,Scanner ID,Batch ID,# of Ballot Cards,Storage Location";
  const path = await file("adams.csv", `${headings}\nAdams,1,7,20,Bin 3\n`);
  expect((await detente(["audit", "read", path])).out).toContain("20 cards in 1 batch (colorado)");
});

it("says what manifests and tallies hold, and what is missing", async () => {
  const manifest = await file(
    "manifest.csv",
    "CountyID,ScannerID,BatchID,NumBallots,StorageLocation\nAdams,101,1,75,Bin 1\n",
  );
  expect((await detente(["audit", "read", manifest])).out).toContain("75 cards in 1 batch (colorado)");
  const tallies = await file("tallies.csv", "Batch Name,Ada,Bob\nB1,1,2\nB2,3,4\n");
  expect(JSON.parse((await detente(["audit", "read", tallies, "--json"])).out)).toMatchObject({
    kind: "tallies",
    choices: ["Ada", "Bob"],
  });
  const none = await detente(["audit", "read", join(dir, "none.csv")]);
  expect(none.code).toBe(2);
  expect(none.err).toContain(`detente: ${join(dir, "none.csv")}: `);
});

it("checks results by themselves, over time, and as copies", async () => {
  const csv = (ada: number, total: number): string =>
    `precinct,contest,choice,votes\nP1,Mayor,Ada,${ada}\nTotal,Mayor,Ada,${total}\n`;
  const [early, late, wrong] = [
    await file("1.csv", csv(5, 5)),
    await file("2.csv", csv(4, 4)),
    await file("3.csv", csv(4, 5)),
  ];
  expect(await detente(["results", "check", late, early])).toMatchObject({
    code: 0,
    out: "Nothing found in 2 snapshots\n",
  });
  const back = await detente(["results", "check", early, late]);
  expect(back.code).toBe(1);
  expect(back.out).toContain("went-back: Mayor, Ada, P1: 5 before, 4 later");
  expect((await detente(["results", "check", wrong])).out).toContain(
    "precinct-sum: Mayor, Ada: precincts add up to 4, the total says 5",
  );
  const { findings } = JSON.parse((await detente(["results", "compare", early, wrong, "--json"])).out) as {
    findings: { code: string; against?: string }[];
  };
  expect(findings.map(({ code, against }) => [code, against])).toEqual([["differs", early]]);
});
