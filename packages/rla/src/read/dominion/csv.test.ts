import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { cardsOf, everythingIn, fileOf, PHANTOM, REFUSE } from "../../testing/files.ts";
import { readDominionCsv } from "./csv.ts";

/*
 * The layout is that of Democracy Suite 5.x exports: as Colorado's audit software (corla, server/eclipse-project,
 * DominionCVRExportParser) and VotingWorks' Arlo read it, and as Boulder County published ranked contests in 2023.
 */

const HEAD = [
  '"Test election, 2026",5.17.17.1,,,,,,,,,,,,,',
  ',,,,,,,,"Mayor (Vote For=1)","Mayor (Vote For=1)","Council, at\nlarge (Vote For=2)","Council, at\nlarge (Vote For=2)","Council, at\nlarge (Vote For=2)","Sheriff (Number of positions=1, Number of ranks=2)","Sheriff (Number of positions=1, Number of ranks=2)","Sheriff (Number of positions=1, Number of ranks=2)","Sheriff (Number of positions=1, Number of ranks=2)"',
  ",,,,,,,,Ada,Write-in,Bob,Write-in,Write-in,Cyd(1),Dan(1),Cyd(2),Dan(2)",
  "CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,DEM,,,,,,,,",
];

function exportOf(...rows: readonly string[]): string {
  return [...HEAD, ...rows, ""].join("\r\n");
}

it("reads contests from four rows of header", async () => {
  const { election, contests } = unwrap(await readDominionCsv(fileOf(exportOf()), REFUSE));
  expect(election).toBe("Test election, 2026");
  expect(contests.map(({ name, voteFor, isRanked }) => [name, voteFor, isRanked])).toEqual([
    ["Mayor", 1, false],
    ["Council, at large", 2, false],
    ["Sheriff", 1, true],
  ]);
  expect(contests[1]?.candidates).toEqual([
    { id: "Bob", name: "Bob", isWriteIn: false },
    { id: "Write-in", name: "Write-in", isWriteIn: true },
    { id: "Write-in (2)", name: "Write-in", isWriteIn: true },
  ]);
  expect(contests[2]?.candidates.map(({ name }) => name)).toEqual(["Cyd", "Dan"]);
});

it("reads cards: marks, contests that are not on the card, ranks, overvotes as they stand", async () => {
  const text = exportOf(
    "1,101,7,1,101-7-1,Mail,P1,Style A,1,0,1,1,0,1,0,0,1",
    "2,101,7,2,,Mail,P1,Style B,0,0,,,,0,0,0,0",
    '="3",="101","8","1","101-8-1",Mail,P1,Style A,"1","1",,,,1,1,0,0',
  );
  const file = await readDominionCsv(fileOf(text), REFUSE);
  expect(await cardsOf(file)).toEqual([
    "101-7-1 101/7: Mayor=Ada; Council, at large=Bob,Write-in; Sheriff=Cyd(1),Dan(2)",
    "101-7-2 101/7: Mayor=; Sheriff=",
    "101-8-1 101/8: Mayor=Ada,Write-in; Sheriff=Cyd(1),Dan(1)",
  ]);
  const { cards } = await everythingIn(unwrap(file));
  expect(cards.map(({ position, style }) => [position, style])).toEqual([
    [1, "Style A"],
    [2, "Style B"],
    [1, "Style A"],
  ]);
});

const FAULTY: readonly (readonly [row: string, code: string, words: string])[] = [
  ["2,101,7,2,,Mail,P1,A,1,0", "bad-row", "has 10 cells where the header has 17"],
  ["2,101,7,2,,Mail,P1,A,1 (97%),0,,,,,,,", "bad-row", 'column 9 has "1 (97%)", which is neither 0 nor 1'],
  ["2,,7,2,,Mail,P1,A,1,0,,,,,,,", "bad-row", "names no tabulator"],
  ["2,101,7,,,Mail,P1,A,1,0,,,,,,,", "bad-row", "has neither an imprinted id nor a number in its batch"],
  ["2,101,7,1,101-7-1,Mail,P1,A,1,0,,,,,,,", "duplicate-id", 'the card "101-7-1" stands in the file before'],
  ['2,101,7,2,"101-7-2,Mail', "unterminated-quote", "is not closed"],
];

it.each(FAULTY)("refuses %j, or counts a phantom for it", async (row, code, words) => {
  const good = ["1,101,7,1,101-7-1,Mail,P1,A,1,0,,,,,,,", "3,101,7,3,101-7-3,Mail,P1,A,1,0,,,,,,,"] as const;
  const file = fileOf(exportOf(good[0], row, good[1]), "cvr.csv");
  const refused = await everythingIn(unwrap(await readDominionCsv(file, REFUSE)));
  expect(refused.cards.map(({ id }) => id)).toEqual(["101-7-1"]);
  expect(refused.fault).toMatchObject({ code, file: "cvr.csv", line: 9 });
  expect(refused.fault?.message).toContain(`cvr.csv:9: `);
  expect(refused.fault?.message).toContain(words);
  const kept = await everythingIn(unwrap(await readDominionCsv(file, PHANTOM)));
  expect(kept.cards.map(({ id }) => id)).toEqual(["101-7-1", "101-7-3"]);
  expect(kept.phantoms).toEqual([refused.fault]);
  expect(kept.fault).toBeUndefined();
});

it("refuses a header that is none", async () => {
  for (const [head, line] of [
    ["", 1],
    ["a,b\n", 2],
    [HEAD.slice(0, 3).join("\n"), 2],
    [HEAD.with(1, HEAD[1]!.replaceAll(/"?(Mayor|Sheriff|Council)[^"]*"?/g, "")).join("\n"), 2],
    [HEAD.with(1, ",,,,,,,,A,A,B,A").join("\n"), 2],
    [HEAD.with(3, "CvrNumber,BatchId,RecordId,,,,,,").join("\n"), 4],
  ] as const) {
    const read = await readDominionCsv(fileOf(head), REFUSE);
    expect(read).toMatchObject({ ok: false, fault: { code: "bad-header", line } });
  }
});
