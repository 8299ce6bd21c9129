import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { arloReport } from "../../testing/arlo.ts";
import { fileOf } from "../../testing/files.ts";
import { HAS_PYTHON, python } from "../../testing/python.ts";
import { type ReplayLine, replayTotals } from "../lines.ts";
import { interpretation } from "./interpretation.ts";
import { replayArlo } from "./replay.ts";
import { jurisdictionOf, type PlacedFile } from "./sources.ts";

const wrong = (lines: readonly ReplayLine[]): string[] =>
  lines.filter(({ verdict }) => verdict !== "agrees").map(({ step, what, verdict }) => `${step} ${verdict}: ${what}`);

async function replayed(report: string, manifests: PlacedFile[] = []): Promise<readonly ReplayLine[]> {
  return unwrap(await replayArlo({ report: fileOf(report, "report.csv"), manifests, tallies: [] })).lines;
}

/*
 * Arlo's own ballot comparison (server/tests/ballot_comparison: conftest.py and test_ballot_comparison_two_rounds): two
 * jurisdictions, forty draws, two ballots without a record, two that are not found. Its second contest is only looked at.
 */
const SIZES = ["TABULATOR1,BATCH1,3", "TABULATOR1,BATCH2,3", "TABULATOR2,BATCH1,3", "TABULATOR2,BATCH2,6"];
const MANIFESTS = ["J1", "J2"].map((jurisdiction) => ({
  file: fileOf(["Tabulator,Batch Name,Number of Ballots", ...SIZES].join("\n"), `${jurisdiction}.csv`),
  jurisdiction,
}));
/** Place, imprint, tickets behind the point, then for each contest what was found, recorded, and the discrepancy. */
const DRAWN = `
J1 1 1 1|1-1-1|243550726331576894|2|2||12|12|
J1 1 1 2|1-1-2|658361514845611561|1|1||13|13|
J1 1 2 2|1-2-2|125871889047705889|2|2||12|12|
J1 1 2 3|1-2-3|126622033568908859 570682515619614792|12|1|1|23|13|2
J1 2 1 2|2-1-2|651118570553261125|1|1||13|13|
J1 2 2 1|2-2-1|607927957276839128|1|1||13|13|
J1 2 2 2|2-2-2|053992217600758631 528652598036440834|12|12||123|123|
J1 2 2 3|2-2-4|255119157791673311|b|||b|13|1
J1 2 2 4|2-2-5|064984443990590400 069414660569975443 662654312843285447|n|||12|12|
J1 2 2 5|2-2-6|442956417641278897 492638838970333256|n|||13|13|
J1 2 2 6||300053574780458718 539920212714138536 614239889448737812|x||2|x||2
J2 1 1 1|1-1-1|476019554092109137|1|2|-2|1|12|-1
J2 1 1 2|1-1-2|511105635717372621 583472201399663519|1|1||13|13|
J2 1 1 3|1-1-3|242392535590495322|2|2||12|12|
J2 1 2 1|1-2-1|200269401620671924 588219390083415326|x|1|2|x|13|2
J2 1 2 3|1-2-3|556310137163677574|1|1||13|13|
J2 2 1 1|2-1-1|174827909206366766 638759896009674755 666161104573622944|2|2||12|12|
J2 2 1 2|2-1-2|677864268646804078|1|1||13|13|
J2 2 2 1|2-2-1|185417954749015145|n|1|1|n|13|1
J2 2 2 2|2-2-2|252054739518646128 297145021317217438|12|12||123|123|
J2 2 2 3|2-2-4|179114059650472941 443867094961314498 553767880261132538|n|||13|13|
J2 2 2 4|2-2-5|583133559190710795 685610948371080498|n|||12|12|
J2 2 2 5|2-2-6|462119987445142117 593645562906652185|n|||13|13|
J2 2 2 6||414184312862040881|1||2|13||2`.trim();

function ballotRow(text: string): string {
  const [place = "", imprint, tickets = "", ...cells] = text.split("|");
  const [jurisdiction, tabulator, batch, position] = place.split(" ");
  const words: Readonly<Record<string, string>> = { b: "BLANK", n: "CONTEST_NOT_ON_BALLOT", x: "" };
  const cell = (marks: string, contest: number): string =>
    words[marks] ?? `"${Array.from(marks, (choice) => `Choice ${contest}-${choice}`).join(", ")}"`;
  const results = [1, 2].flatMap((contest) => {
    const [found = "", recorded = "", discrepancy = ""] = cells.slice(3 * contest - 3);
    return [cell(found, contest), recorded === "" ? "" : cell(recorded, contest), discrepancy];
  });
  const drawn = `"Round 1: ${tickets
    .split(" ")
    .map((digits) => `0.${digits}`)
    .join(", ")}"`;
  const status = cells[0] === "x" ? "NOT_FOUND" : "AUDITED";
  return [jurisdiction, `TABULATOR${tabulator}`, `BATCH${batch}`, position, imprint, drawn, status, ...results].join();
}

const COMPARISON = arloReport({
  type: "BALLOT_COMPARISON,SUPERSIMPLE",
  contests: [
    "Contest 1,Targeted,1,1,30,Choice 1-1: 12; Choice 1-2: 8",
    "Contest 2,Opportunistic,1,2,30,Choice 2-1: 26; Choice 2-2: 12; Choice 2-3: 14",
  ],
  rounds: [
    "1,Contest 1,Targeted,40,No,1.0,T,T,Choice 1-1: 15; Choice 1-2: 12",
    "1,Contest 2,Opportunistic,,No,1.0,T,T,Choice 2-1: 19; Choice 2-2: 9; Choice 2-3: 13",
  ],
  heading:
    "Jurisdiction Name,Tabulator,Batch Name,Ballot Position,Imprinted ID,Ticket Numbers: Contest 1,Audited?,Audit Result: Contest 1,CVR Result: Contest 1,Discrepancy: Contest 1,Audit Result: Contest 2,CVR Result: Contest 2,Discrepancy: Contest 2",
  sampled: DRAWN.split("\n").map(ballotRow),
});

it("a ballot comparison of Arlo's agrees to the last ballot, overstatement and risk", async () => {
  const lines = await replayed(COMPARISON, MANIFESTS);
  expect(wrong(lines)).toEqual([]);
  expect(replayTotals(lines)).toEqual([
    { step: "input", agrees: 1, differs: 0, unchecked: 0 },
    { step: "size", agrees: 1, differs: 0, unchecked: 0 },
    { step: "draw", agrees: 24, differs: 0, unchecked: 0 },
    { step: "overstatement", agrees: 48, differs: 0, unchecked: 0 },
    { step: "tally", agrees: 5, differs: 0, unchecked: 0 },
    { step: "risk", agrees: 2, differs: 0, unchecked: 0 },
  ]);
});

it.each([
  [
    "a ballot that was left out",
    /^J2,TABULATOR1,BATCH1,3.*\r\n/m,
    "",
    "draw differs: (('J2', 'TABULATOR1', 'BATCH1'), 3)",
  ],
  ["a ticket", "0.677864268646804078", "0.677864268646804079", "draw differs: J2, TABULATOR2, BATCH1, 2"],
  ["an overstatement", ',"Choice 1-2",-2,', ',"Choice 1-2",-1,', "overstatement differs: J2, TABULATOR1, BATCH1, 1"],
  ["a vote of the sample", "Choice 2-3: 13", "Choice 2-3: 12", "tally differs: round 1, Choice 2-3"],
  ["a risk", "40,No,1.0", "40,Yes,0.05", "risk differs: round 1"],
])("tells where %s was changed", async (_what, from, to, expected) => {
  expect(wrong(await replayed(COMPARISON.replace(from, to), MANIFESTS))).toContain(expected);
});

/* Tickets of Arlo's test_audit_admin_report (server/tests/api/snapshots/snap_test_reports.py): no tabulators. */
const POLLED = [
  "J1,1,3,Round 1: 0.088404500051420169,AUDITED,candidate 1",
  'J1,3,100,"Round 1: 0.000619826143680938, 0.118040423696597067",AUDITED,"OVERVOTE; candidate 1, candidate 2"',
  'J1,4,105,"Round 1: 0.023112222444256629, Round 2: 0.236658813048815631, 0.407154057786714344",AUDITED,BLANK',
  'J2,3,101,"Round 1: 0.014786076170605607, 0.033699457455768933",NOT_FOUND,',
];

const polling = (math: string, round: string): string =>
  arloReport({
    type: `BALLOT_POLLING,${math}`,
    contests: ["Contest 1,Targeted,1,1,1200,candidate 1: 600; candidate 2: 400; candidate 3: 100"],
    rounds: [round],
    heading: "Jurisdiction Name,Batch Name,Ballot Position,Ticket Numbers: Contest 1,Audited?,Audit Result: Contest 1",
    sampled: POLLED,
  });

it("tickets of polled ballots agree without a manifest, and the report says what that leaves open", async () => {
  const lines = await replayed(polling("BRAVO", "1,Contest 1,Targeted,5,No,,T,,candidate 1: 0"));
  expect(lines.filter(({ step }) => step === "draw").map(({ verdict }) => verdict)).toEqual(POLLED.map(() => "agrees"));
  expect(lines.find(({ step }) => step === "draw")?.note).toContain("give all manifests along");
});

it.each([
  // Arlo's minerva.py: 0.0933945799801079 and 0.5596434615209632.
  ["MINERVA", 56, "0.09339458, met"],
  ["MINERVA", 40, "0.5596434615, not met"],
  // 1.2^−70·0.8^−40 and the like for the third candidate, in BRAVO's formula.
  ["BRAVO", 70, `${(1.2 ** -70 * 0.8 ** -40).toFixed(10).replace(/0+$/, "")}, met`],
])("%s has the risk of its program or formula: %i votes", async (math, votes, expected) => {
  const round = `1,Contest 1,Targeted,100,No,0.5,T,T,candidate 1: ${votes}; candidate 2: 40; candidate 3: 3`;
  const lines = await replayed(polling(math, round));
  expect(lines.find(({ step }) => step === "risk")?.computed).toBe(expected);
});

/* One ballot a draw, so that (1 − 1/U)^n is the clean part; the errors by hand, in Python's decimal. */
const RISK = `
from decimal import Decimal
answer = []
for c in given:
    gamma, n, V = Decimal("1.03905"), c["ballots"], Decimal(c["margin"])
    p = Decimal(1)
    for votes, margin in c["errors"]:
        p *= (1 - V / n / (2 * gamma)) / (1 - max(Decimal(votes), Decimal(0)) / margin / (2 * gamma / V))
    answer.append(f"{float(min(p, Decimal(1))):.10f}".rstrip("0"))`;

it.skipIf(!HAS_PYTHON)("super-simple weighs an error by the margin of the pair that it hurts", async () => {
  const marks = ["1|1", "12|1", "2|1", "3|1", "1|2", "|1", "1|", "3|3"];
  const sampled = Array.from({ length: 90 }, (_, i) => {
    const [found = "", recorded = ""] = (i % 9 === 0 ? (marks[(i / 9) % marks.length] ?? "") : "1|1").split("|");
    const cell = (choices: string): string =>
      choices === "" ? "BLANK" : `"${Array.from(choices, (c) => `c${c}`).join(", ")}"`;
    return `J1,B,${i + 1},1-${i + 1},Round 1: 0.1${i},AUDITED,${cell(found)},${cell(recorded)},`;
  });
  const report = arloReport({
    type: "BALLOT_COMPARISON,SUPERSIMPLE",
    contests: ["Contest 1,Targeted,1,1,2000,c1: 1000; c2: 700; c3: 100"],
    rounds: ["1,Contest 1,Targeted,90,No,0.5,T,T,c1: 1"],
    heading:
      "Jurisdiction Name,Batch Name,Ballot Position,Imprinted ID,Ticket Numbers: Contest 1,Audited?,Audit Result: Contest 1,CVR Result: Contest 1,Discrepancy: Contest 1",
    sampled,
  });
  // What each of the marks is: votes of the worst pair and its margin; a pair that is not hurt is no worst one.
  const worst = [
    [0, 300],
    [1, 300],
    [2, 300],
    [2, 900],
    [-1, 900],
    [1, 300],
    [-1, 300],
    [0, 300],
  ] as const;
  const errors = sampled.map((_, i) => (i % 9 === 0 ? worst[(i / 9) % worst.length] : [0, 300]));
  const [expected] = python(RISK, [{ ballots: 2000, margin: 300, errors }]) as string[];
  const lines = await replayed(report);
  expect(lines.find(({ step }) => step === "risk")?.computed).toBe(`${expected}, not met`);
});

it("ballots that were not found are votes for the losers", async () => {
  const risk = async (found: string): Promise<string | undefined> => {
    const lines = await replayed(polling("BRAVO", `1,Contest 1,Targeted,100,No,0.5,T,T,${found}`));
    return lines.find(({ step }) => step === "risk")?.computed;
  };
  const lost = "candidate 1: 60; candidate 2: 30; candidate 3: 3; Ballots not found (counted for loser): 4";
  expect(await risk(lost)).toBe(await risk("candidate 1: 60; candidate 2: 34; candidate 3: 7"));
});

it("tells contests apart whose names differ in a hyphen alone", async () => {
  const report = arloReport({
    type: "BALLOT_POLLING,BRAVO",
    contests: ["District 1-1,Targeted,1,1,100,Ada: 60; Bob: 40", "District 11,Opportunistic,1,1,100,Cy: 60; Di: 40"],
    rounds: ["1,District 1-1,Targeted,1,No,1,T,T,Ada: 1; Bob: 0", "1,District 11,Opportunistic,,No,1,T,T,Cy: 1; Di: 0"],
    heading:
      "Jurisdiction Name,Batch Name,Ballot Position,Ticket Numbers: District 1-1,Audited?,Audit Result: District 1-1,Audit Result: District 11",
    sampled: ["J1,A,1,Round 1: 0.1,AUDITED,Ada,Cy"],
  });
  const lines = await replayed(report);
  expect(lines.filter(({ step }) => step === "tally").map(({ what, computed }) => [what, computed])).toEqual([
    ["round 1, Ada", "1"],
    ["round 1, Bob", "0"],
    ["round 1, Cy", "1"],
    ["round 1, Di", "0"],
  ]);
});

it("confirms nothing of a pair without votes, and leaves rounds of impossible size unchecked", async () => {
  const polled = (contest: string, round: string): string =>
    polling("MINERVA", `1,Contest 1,Targeted,9,No,1,T,T,${round}`).replace(/Contest 1,Targeted,1,1,.*/, contest);
  const risk = async (report: string): Promise<unknown> => {
    const line = (await replayed(report)).find(({ step }) => step === "risk");
    return line?.computed ?? line?.note;
  };
  const nobody = "Contest 1,Targeted,2,1,1200,candidate 1: 600; candidate 2: 0; candidate 3: 0";
  expect(await risk(polled(nobody, "candidate 1: 9; candidate 2: 3"))).toBe("1.0, not met");
  const huge = "Contest 1,Targeted,1,1,90000000000,candidate 1: 60; candidate 2: 40";
  expect(await risk(polled(huge, "candidate 1: 6000000000"))).toBe("a choice has more than 1000000 votes in a round");
});

it("reads interpretations whose names have commas, and comments", () => {
  const names = ["Ada, B.", "Ada", "Carl"];
  const choices = (text: string): string[] | undefined => {
    const read = interpretation(text, names);
    return read && [read.kind, ...read.choices];
  };
  expect(choices("Ada, B., Carl; COMMENT: smudged, see photo")).toEqual(["votes", "Ada, B.", "Carl"]);
  expect(choices("Ada, INVALID_WRITE_IN")).toEqual(["votes", "Ada"]);
  expect(choices("Overvote")).toEqual(["overvote"]);
  expect(choices("Blank")).toEqual(["votes"]);
  expect(choices("Dora")).toBeUndefined();
});

it("finds the jurisdiction of a file by its name or directory", () => {
  const known = ["BEN HILL", "HILL", "COBB"];
  expect(jurisdictionOf("ga/BEN-HILL/manifest.csv", known)).toBe("BEN HILL");
  expect(jurisdictionOf("ga/Cobb - ballot manifest.csv", known)).toBe("COBB");
  expect(jurisdictionOf("ga/Glynn_candidate_totals_by_batch.csv", known)).toBe("GLYNN");
  expect(jurisdictionOf("ga/DADE/ballot_manifest.csv", known)).toBe("DADE");
  // Names decide the order of batches, so their case is kept where the report has it.
  expect(jurisdictionOf("ga/DeKalb/manifest.csv", ["Cobb"])).toBe("DeKalb");
});
