import { unwrap } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { arloReport } from "../../testing/arlo.ts";
import { fileOf } from "../../testing/files.ts";
import { decimal } from "../../draw/decimal.ts";
import { type ReplayLine, replayTotals } from "../lines.ts";
import { ArloMacro } from "./macro.ts";
import { replayArlo } from "./replay.ts";
import type { PlacedFile } from "./sources.ts";

/* Figures are those of Arlo's own tests: server/tests/batch_comparison, snapshots and conftest.py. */

const placed = (jurisdiction: string, text: string): PlacedFile => ({
  file: fileOf(text, `${jurisdiction}.csv`),
  jurisdiction,
});
const MANIFESTS = [
  [500, 500, 500, 500, 100, 100, 100, 100, 100],
  [500, 500, 500, 500, 250, 250],
].map((sizes, i) =>
  placed(
    `J${i + 1}`,
    ["Batch Name,Number of Ballots", ...sizes.map((size, at) => `Batch ${at + 1},${size}`)].join("\n"),
  ),
);
const BIG = "500,250,250";
const SMALL = "100,50,50";
const TALLIES = [
  [BIG, BIG, BIG, BIG, SMALL, SMALL, SMALL, SMALL, SMALL],
  [BIG, BIG, BIG, BIG, SMALL, SMALL],
].map((votes, i) =>
  placed(
    `J${i + 1}`,
    ["Batch Name,candidate 1,candidate 2,candidate 3", ...votes.map((of, at) => `Batch ${at + 1},${of}`)].join("\r\n"),
  ),
);

const votes = (...of: number[]): string => of.map((count, i) => `candidate ${i + 1}: ${count}`).join("; ");
const CONTESTS = [`Contest 1,Targeted,1,2,5000,${votes(5000, 2500, 2500)}`];
const ROUND_1 = `1,Contest 1,Targeted,6,No,0.1857414858,T,T,${votes(700, 250, 160)}`;
const HEADING =
  "Jurisdiction Name,Batch Name,Ticket Numbers,Audited?,Audit Results,Reported Results,Discrepancy,Last Edited By";
const FIRST = [
  `J1,Batch 1,"Round 1: 0.720194360819624066, 0.777128466487428756",Yes,${votes(400, 50, 40)},${votes(500, 250, 250)},-100,ja`,
  `J1,Batch 6,Round 1: 0.899217854763070950,Yes,${votes(100, 50, 40)},${votes(100, 50, 50)},-10,ja`,
  `J1,Batch 8,Round 1: 0.9723790677174592551,Yes,${votes(100, 50, 40)},${votes(100, 50, 50)},-10,ja`,
  `J2,Batch 3,"Round 1: 0.368061935896261076, 0.733615858338543383",Yes,${votes(100, 100, 40)},${votes(500, 250, 250)},250,ja`,
];
const ROUND_2 = `2,Contest 1,Targeted,5,No,,T,,${votes(0, 0, 0)}`;
const SECOND = [
  `J1,Batch 3,Round 2: 0.753710009967479876,No,,${votes(500, 250, 250)},,`,
  `J1,Batch 4,"Round 2: 0.9553762217707628661, 0.9782132493451071914",No,,${votes(500, 250, 250)},,`,
  `J2,Batch 4,"Round 2: 0.608147659546583410, 0.868820918994249069",No,,${votes(500, 250, 250)},,`,
];
const two = (change: (text: string) => string = (text) => text): string =>
  change(
    arloReport({
      type: "BATCH_COMPARISON,MACRO",
      contests: CONTESTS,
      rounds: [ROUND_1, ROUND_2],
      heading: HEADING,
      sampled: [...FIRST, ...SECOND],
    }),
  );

async function replayed(report: string, tallies = TALLIES, manifests = MANIFESTS): Promise<readonly ReplayLine[]> {
  return unwrap(await replayArlo({ report: fileOf(report, "report.csv"), manifests, tallies })).lines;
}
const wrong = (lines: readonly ReplayLine[]): string[] =>
  lines.filter(({ verdict }) => verdict !== "agrees").map(({ step, what, verdict }) => `${step} ${verdict}: ${what}`);

describe("a batch comparison of Arlo's", () => {
  it("agrees in draw, overstatements and risk over two rounds, but for the votes that the test makes up", async () => {
    const lines = await replayed(two());
    // The tallies of the test sum to fewer votes than its contest has.
    expect(wrong(lines)).toEqual([
      "input differs: votes for candidate 1",
      "input differs: votes for candidate 2",
      "input differs: votes for candidate 3",
    ]);
    expect(replayTotals(lines)).toContainEqual({ step: "draw", agrees: 7, differs: 0, unchecked: 0 });
    expect(replayTotals(lines)).toContainEqual({ step: "overstatement", agrees: 4, differs: 0, unchecked: 0 });
    expect(lines.find(({ step }) => step === "risk")).toMatchObject({ published: "0.1857414858, not met", line: 15 });
  });

  it("agrees with the risk that met the limit", async () => {
    const exact = FIRST.map((row) =>
      row.replace(
        /Yes,.*/,
        row.includes("500; ")
          ? `Yes,${votes(500, 250, 250)},${votes(500, 250, 250)},,ja`
          : `Yes,${votes(100, 50, 50)},${votes(100, 50, 50)},,ja`,
      ),
    );
    const report = arloReport({
      type: "BATCH_COMPARISON,MACRO",
      contests: CONTESTS,
      rounds: [`1,Contest 1,Targeted,6,Yes,0.0825517715,T,T,${votes(1200, 600, 600)}`],
      heading: HEADING,
      sampled: exact,
    });
    const lines = await replayed(report);
    expect(wrong(lines).filter((line) => !line.startsWith("input"))).toEqual([]);
  });

  it.each([
    ["a ticket", "0.899217854763070950", "0.899217854763070951", "draw differs: J1, Batch 6"],
    ["a batch that was not drawn", "J1,Batch 6", "J1,Batch 7", "draw differs: J1, Batch 7"],
    ["a batch that was left out", "J1,Batch 6", "J1,Batch 7", "draw differs: J1, Batch 6"],
    ["a discrepancy", ",250,ja", ",249,ja", "overstatement differs: J2, Batch 3"],
    ["a count", "candidate 1: 100; candidate 2: 100", "candidate 1: 101; candidate 2: 100", "risk differs: round 1"],
    ["a risk", "0.1857414858", "0.1857414857", "risk differs: round 1"],
    ["whether the limit was met", "6,No,0.18", "6,Yes,0.18", "risk differs: round 1"],
    ["the size of a sample", "Targeted,5,No", "Targeted,6,No", "size differs: round 2"],
    ["the seed", ",1234567890,", ",1234567891,", "draw differs: J2, Batch 3"],
  ])("tells where %s was changed", async (_what, from, to, expected) => {
    expect(wrong(await replayed(two((text) => text.replace(from, to))))).toContain(expected);
  });

  it("says what it cannot compute without tallies, and computes the rest", async () => {
    const lines = await replayed(two(), [], []);
    expect(wrong(lines)).toEqual(["draw unchecked: all rounds", "risk unchecked: round 1"]);
    expect(replayTotals(lines)).toContainEqual({ step: "overstatement", agrees: 4, differs: 0, unchecked: 0 });
  });

  it("computes no draw and no risk without the cards of the batches", async () => {
    const lines = await replayed(two(), TALLIES, MANIFESTS.slice(0, 1));
    expect(wrong(lines)).toEqual(["draw unchecked: all rounds", "risk unchecked: round 1"]);
  });

  it("computes no draw from batches that hold nothing", async () => {
    const empty = (files: readonly PlacedFile[], names: string): PlacedFile[] =>
      files.map(({ jurisdiction = "" }) =>
        placed(jurisdiction, `${names}\nBatch 1${",0".repeat(names.split(",").length - 1)}\n`),
      );
    const tallies = empty(TALLIES, "Batch Name,candidate 1,candidate 2,candidate 3");
    const lines = await replayed(two(), tallies, empty(MANIFESTS, "Batch Name,Number of Ballots"));
    expect(lines.find(({ step }) => step === "draw")).toMatchObject({
      verdict: "unchecked",
      note: "without a margin, or votes and cards, nothing bounds the error",
    });
  });

  it("ends at a report that cannot be read, and at a manifest", async () => {
    const bad = await replayArlo({ report: fileOf("a,b\n", "r.csv"), manifests: [], tallies: [] });
    expect(bad).toMatchObject({ fault: { code: "unknown-format", line: 1 } });
    const manifests = [placed("J1", "Batch Name,Number of Ballots\nBatch 1,x\n")];
    const report = fileOf(two(), "r.csv");
    expect(await replayArlo({ report, manifests, tallies: [] })).toMatchObject({ fault: { file: "J1.csv", line: 2 } });
  });
});

/* Two contests, one of which is not in every jurisdiction (snap_test_multi_contest_batch_comparison.py). */
const MANY = {
  J1: [...Array.from({ length: 8 }, () => "50,0,50,0"), "50,0,25,25", "0,50,25,25"],
  J2: ["75,25", "25,25", "25,25", "25,25"],
  J3: ["75,25", "25,25", "25,25", "25,25"],
};

it("a batch comparison of two contests agrees, each with its own draw", async () => {
  const pair = (a: number, b: number, from = 1): string => `Candidate ${from}: ${a}; Candidate ${from + 1}: ${b}`;
  const heading =
    "Jurisdiction Name,Batch Name,Ballots in Batch,Ticket Numbers: Contest 1,Ticket Numbers: Contest 2,Audited?,Audit Results: Contest 1,Reported Results: Contest 1,Change in Results: Contest 1,Change in Margin: Contest 1,Audit Results: Contest 2,Reported Results: Contest 2,Change in Results: Contest 2,Change in Margin: Contest 2,Last Edited By";
  const one = (
    tickets: string,
    first: string,
    found: string,
    change: string,
    found2: string,
    change2: string,
  ): string => {
    const reported2 = first.endsWith("Batch 9") ? pair(25, 25, 3) : pair(50, 0, 3);
    return `${first},100,${tickets},Yes,${found},${pair(50, 0)},,${change},${found2},${reported2},,${change2},ja`;
  };
  const [same, same2] = [pair(50, 0), pair(50, 0, 3)];
  const sampled = [
    one(',"Round 1: 0.720194360819624066, 0.777128466487428756"', "J1,Batch 1", same, "", same2, ""),
    one('"Round 1: 0.474971525750860236, 0.555845039101209884",', "J1,Batch 2", same, "", same2, ""),
    one(",Round 1: 0.753710009967479876", "J1,Batch 3", same, "", same2, ""),
    one(
      '"Round 1: 0.384177151866437890, 0.470460412141498108","Round 1: 0.384177151866437890, 0.470460412141498108"',
      "J1,Batch 5",
      same,
      "",
      same2,
      "",
    ),
    one('"Round 1: 0.899217854763070950, 0.9233199163410086672",', "J1,Batch 6", pair(49, 1), "2", same2, ""),
    one(
      'Round 1: 0.817464900879746084,"Round 1: 0.817464900879746084, 0.864505270651837742"',
      "J1,Batch 7",
      same,
      "",
      pair(49, 1, 3),
      "2",
    ),
    one(",Round 1: 0.734926612730309894", "J1,Batch 9", pair(52, 0), "-2", pair(26, 24, 3), "-2"),
    `J2,Batch 1,100,"Round 1: 0.562697240648997100, 0.9008218268717084008",,Yes,${pair(75, 25)},${pair(75, 25)},,,,,,,ja`,
    `J3,Batch 1,100,Round 1: 0.544165663445275136,,Yes,${pair(74, 26)},${pair(75, 25)},,2,,,,,ja`,
    "Totals,,900,,,,,,,,,,,,",
  ];
  const report = arloReport({
    type: "BATCH_COMPARISON,MACRO",
    contests: [`Contest 1,Targeted,1,1,1500,${pair(750, 250)}`, `Contest 2,Targeted,1,2,1000,${pair(450, 50, 3)}`],
    rounds: [
      `1,Contest 1,Targeted,10,Yes,0.0586274851,T,T,${pair(500, 52)}`,
      `1,Contest 2,Targeted,8,Yes,0.0696040967,T,T,${pair(325, 25, 3)}`,
    ],
    heading,
    sampled,
  });
  const lines = await replayed(
    report,
    Object.entries(MANY).map(([name, rows]) => {
      const head = (name === "J1" ? [1, 2, 3, 4] : [1, 2]).map((at) => `Contest ${at < 3 ? 1 : 2} - Candidate ${at}`);
      return placed(name, [["Batch Name", ...head].join(), ...rows.map((of, i) => `Batch ${i + 1},${of}`)].join("\n"));
    }),
    Object.entries(MANY).map(([name, rows]) => {
      const sizes = rows.map(
        (of, i) =>
          `Batch ${i + 1},${
            of
              .split(",")
              .slice(0, 2)
              .reduce((sum, n) => sum + Number(n), 0) * (name === "J1" ? 2 : 1)
          }`,
      );
      return placed(name, ["Batch Name,Number of Ballots", ...sizes].join("\n"));
    }),
  );
  expect(wrong(lines)).toEqual([]);
});

it("an error where none can be, in a batch that bounds none, leaves no risk to compute", () => {
  const contest = {
    name: "c",
    isTargeted: true,
    winners: 1,
    ballots: 100,
    votes: new Map([
      ["Ada", 60],
      ["Bob", 40],
    ]),
    pending: 0,
    isRunoff: false,
    line: 1,
  };
  const macro = new ArloMacro(contest, 0);
  // 90 votes for the loser on one card.
  const bound = macro.bound({ votes: [0, 90], cards: 1 });
  expect(bound).toEqual(decimal.of(0));
  expect(macro.factor(decimal.of(6), decimal.of(0), macro.error([0, 90], [0, 95]))).toBeUndefined();
});
