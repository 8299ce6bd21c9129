import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { cardsOf, everythingIn, fileOf, PHANTOM, REFUSE } from "../testing/files.ts";
import { readClearBallot } from "./clearballot.ts";
import { readEss } from "./ess.ts";
import { readRaire } from "./raire.ts";

/* ClearBallot: as Arlo's tests describe plain contests, and Multnomah County's files of November 2024 ranked ones. */

const CLEARBALLOT = [
  "RowNumber,BoxID,BoxPosition,BallotID,PrecinctID,BallotStyleID,PrecinctStyleName,ScanComputerName,Status,Remade," +
    '"Choice_1_1:Council: the city:Vote For 2:Ada:NON","Choice_2_1:Council: the city:Vote For 2:Write-in:NON",' +
    '"Choice_7_1:Mayor:1:Number of Winners 1:Bob:NON","Choice_8_1:Mayor:1:Number of Winners 1:Cyd:NON",' +
    '"Choice_7_1:Mayor:2:Number of Winners 1:Bob:NON","Choice_8_1:Mayor:2:Number of Winners 1:Cyd:NON"',
  "1,AB-1,1,AB-1+10001,P1,S1,P1-S1,scan/1,0,0,1,1,0,1,1,0",
  "2,AB-1,2,AB-1+10002,P1,S2,P1-S2,scan/1,0,0,0,0,,,,",
];

it("reads ClearBallot's choices from their headings", async () => {
  const read = await readClearBallot(fileOf(CLEARBALLOT.join("\r\n")), REFUSE);
  expect(unwrap(read).contests.map(({ name, voteFor, isRanked }) => [name, voteFor, isRanked])).toEqual([
    ["Council: the city", 2, false],
    ["Mayor", 1, true],
  ]);
  expect(unwrap(read).contests[0]?.candidates[1]).toEqual({ id: "2", name: "Write-in", isWriteIn: true });
  expect(await cardsOf(read)).toEqual([
    "AB-1+10001 scan%2F1/AB-1: Council: the city=Ada,Write-in; Mayor=Cyd(1),Bob(2)",
    "AB-1+10002 scan%2F1/AB-1: Council: the city=",
  ]);
  for (const head of [
    "RowNumber,BoxID",
    "BoxID,BoxPosition,ScanComputerName,Choice_1",
    "BoxPosition,Choice_1_1:A:Vote For 1:B:C",
  ]) {
    expect(await readClearBallot(fileOf(head), REFUSE)).toMatchObject({ fault: { code: "bad-header", line: 1 } });
  }
});

/* ES&S: as RCTab's documentation (section 26) and Maine's publications of ranked contests describe it. */

const ESS = [
  "Cast Vote Record,Precinct,Ballot Style,Governor 1st Choice (5715),Governor 2nd Choice (5718),Council,Council,Measure",
  '12,P1,S1,"Mills, Janet (5463)",overvote,Ada,Bob,YES / FOR',
  "13,P1,S2,undervote,undervote,,,undervote",
  "14,P1,S1,Write-in,Write-in,Bob,undervote,overvote",
];

it("reads ES&S's choices from the cells", async () => {
  const read = await readEss(fileOf(ESS.join("\n"), "ess.csv", 11), [], REFUSE);
  expect(
    unwrap(read).contests.map(({ name, voteFor, isRanked, candidates }) => [
      name,
      voteFor,
      isRanked,
      candidates.map((c) => c.name),
    ]),
  ).toEqual([
    ["Governor", 1, true, ["Mills, Janet", "Write-in"]],
    ["Council", 2, false, ["Ada", "Bob"]],
    ["Measure", 1, false, ["YES / FOR"]],
  ]);
  expect(await cardsOf(read)).toEqual([
    "12 : Governor=Mills, Janet(1); Council=Ada,Bob; Measure=YES / FOR",
    "13 : Governor=; Measure=",
    "14 : Governor=Write-in(1),Write-in(2); Council=Bob; Measure=",
  ]);
});

it.each([
  ["15,P1,S1,,,Bob,Bob,", 'a choice twice in the contest "Council"'],
  [",P1,S1,,,,,", "no number in the column Cast Vote Record"],
  ["13,P1,S1,,,,,", "stands in the file before"],
])("refuses ES&S's row %s, or counts a phantom for it", async (row, words) => {
  const file = fileOf([...ESS, row, "16,P1,S1,,,,,"].join("\n"), "ess.csv");
  const refused = await everythingIn(unwrap(await readEss(file, [], REFUSE)));
  expect(refused.fault).toMatchObject({ line: 5, message: expect.stringContaining(words) });
  const { cards, phantoms } = await everythingIn(unwrap(await readEss(file, [], PHANTOM)));
  expect(cards.map(({ id }) => id)).toEqual(["12", "13", "14", "16"]);
  expect(phantoms).toEqual([refused.fault]);
});

/* RAIRE: as the data published with arXiv:1903.08804 have it. */

const RAIRE = [
  "2",
  "Contest,339,4,15,16,17,18,winner,15",
  "Contest,7,2,1,2",
  "339,99813_1_1,17",
  "7,99813_1_1,2,1",
  "339,99813_1_3,18,17,15,16",
  "7,99813_1_4,",
];

it("reads RAIRE's ballots, several contests on one", async () => {
  const read = await readRaire(fileOf(RAIRE.join("\n"), "x.raire", 7), REFUSE);
  expect(await cardsOf(read)).toEqual([
    "99813_1_1 : 339=17(1); 7=2(1),1(2)",
    "99813_1_3 : 339=18(1),17(2),15(3),16(4)",
    "99813_1_4 : 7=",
  ]);
});

it.each([
  ["8,1_1_1,1", 'the unknown contest "8"'],
  ["7,1_1_1,3", 'the unknown candidate "3"'],
  ["7,1_1_1,1,1", "a candidate twice"],
  ["7,,1", "names no ballot"],
  ["7,99813_1_4,1", "the ballot's second line of this contest"],
])("refuses RAIRE's line %s, or counts a phantom for it", async (row, words) => {
  const file = fileOf([...RAIRE, row, "7,2_2_2,1"].join("\n"), "x.raire");
  const refused = await everythingIn(unwrap(await readRaire(file, REFUSE)));
  expect(refused.fault).toMatchObject({ line: 8, message: expect.stringContaining(words) });
  const { cards, phantoms } = await everythingIn(unwrap(await readRaire(file, PHANTOM)));
  expect(cards.map(({ id }) => id)).toEqual(["99813_1_1", "99813_1_3", "99813_1_4", "2_2_2"]);
  expect(phantoms).toEqual([refused.fault]);
});

it("refuses a ballot of RAIRE's that comes again, and a head that is none", async () => {
  const again = await everythingIn(unwrap(await readRaire(fileOf([...RAIRE, "7,99813_1_3,1"].join("\n")), REFUSE)));
  expect(again.fault).toMatchObject({ code: "duplicate-id", line: 8 });
  for (const head of [
    "",
    "x",
    "0",
    "2\nContest,1,1,5",
    "1\nContest,1,2,5",
    "1\nContest,1,2,5,5",
    "1\nKontest,1,1,5",
    "1\nContest,1,x,5",
  ]) {
    expect(await readRaire(fileOf(head), REFUSE)).toMatchObject({ fault: { code: "bad-header" } });
  }
});
