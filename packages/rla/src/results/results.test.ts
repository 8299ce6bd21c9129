import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { fileOf } from "../testing/files.ts";
import { checkCopies, checkProgress, checkSnapshot, type ResultsFinding } from "./check.ts";
import { readResults } from "./read-results.ts";
import type { ResultsSnapshot } from "./snapshot.ts";

/* CSV as OpenElections publishes precinct results; XML as Clarity's detail.xml of counties and states. */

interface Figures {
  readonly ada?: readonly [number, number];
  readonly total?: number;
  readonly cast?: readonly [number, number];
  readonly ballots?: number;
}

function clarity({ ada = [10, 20], total = 35, cast = [40, 50], ballots = 90 }: Figures = {}): string {
  return `\ufeff<?xml version="1.0" encoding="utf-8"?>
<ElectionResult><Timestamp>11/3/2026 9:01:03 PM EST</Timestamp><ElectionName>General</ElectionName>
<VoterTurnout totalVoters="500" ballotsCast="${ballots}" voterTurnout="18.0"><Precincts>
<Precinct name="P1" totalVoters="250" ballotsCast="${cast[0]}" /><Precinct name="P2" totalVoters="250" ballotsCast="${cast[1]}" /></Precincts></VoterTurnout>
<Contest key="1" text="Mayor &amp; more" voteFor="1" isQuestion="false"><Choice key="1" text="Ada" totalVotes="${total}">
<VoteType name="Election Day" votes="30"><Precinct name="P1" votes="${ada[0]}" /><Precinct name="P2" votes="${ada[1]}" /></VoteType>
<VoteType name="Absentee" votes="5"><Precinct name="P1" votes="5" /></VoteType></Choice>
<Choice key="2" text="Bob" totalVotes="7"><VoteType name="Election Day" votes="7"><Precinct name="P1" votes="3" /><Precinct name="P2" votes="4" /></VoteType></Choice>
</Contest></ElectionResult>`;
}

async function read(text: string): Promise<ResultsSnapshot> {
  return unwrap(await readResults(fileOf(text, "results", 100)));
}

function told(findings: readonly ResultsFinding[]): string[] {
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

it("reads Clarity's XML, votes of all kinds added", async () => {
  const snapshot = await read(clarity());
  expect(snapshot).toMatchObject({
    format: "clarity",
    election: "General",
    time: "11/3/2026 9:01:03 PM EST",
    ballots: 90,
  });
  expect(snapshot.contests).toEqual([
    {
      id: "1",
      name: "Mayor & more",
      voteFor: 1,
      choices: [
        {
          name: "Ada",
          total: 35,
          precincts: new Map([
            ["P1", 15],
            ["P2", 20],
          ]),
        },
        {
          name: "Bob",
          total: 7,
          precincts: new Map([
            ["P1", 3],
            ["P2", 4],
          ]),
        },
      ],
    },
  ]);
  expect(checkSnapshot(snapshot)).toEqual([]);
});

const CSV = [
  "county,precinct,office,district,candidate,party,votes",
  "X,P1,Senate,7,Ada,DEM,10",
  'X,P2,Senate,7,Ada,DEM,"1,020"',
  "X,Total,Senate,7,Ada,DEM,1030",
  "X,P1,Ballots Cast,,,,12",
  "X,P2,Ballots Cast,,,,1500",
  "X,Total,Ballots Cast,,,,1512",
];

it("reads CSV", async () => {
  const snapshot = await read(CSV.join("\n"));
  expect(snapshot.contests).toEqual([
    {
      id: "Senate 7",
      name: "Senate 7",
      voteFor: undefined,
      choices: [
        {
          name: "Ada",
          total: 1030,
          precincts: new Map([
            ["X, P1", 10],
            ["X, P2", 1020],
          ]),
        },
      ],
    },
  ]);
  expect(snapshot).toMatchObject({
    ballots: 1512,
    turnout: [
      { precinct: "X, P1", ballots: 12 },
      { precinct: "X, P2", ballots: 1500 },
    ],
  });
  expect(checkSnapshot(snapshot)).toEqual([]);
});

it.each([
  ["office,candidate,votes\nA,B,1", "bad-header", 1],
  ["precinct,office,candidate,votes\nP1,A,B,x", "bad-row", 2],
  ["precinct,office,candidate,votes\nP1,,B,1", "bad-row", 2],
  [clarity().replace('votes="3"', 'votes="-3"'), "bad-row", 8],
  [clarity().replace('text="Bob"', 'text="Ada"'), "bad-row", 8],
  ["<html></html>", "unknown-format", 1],
])("refuses results that cannot be read: %#", async (text, code, line) => {
  expect(await readResults(fileOf(text, "r"))).toMatchObject({ fault: { code, line } });
});

/* Two precincts of a county, as SP 1500-100 (version 2) has them, in both of its forms. */

it("reads NIST SP 1500-100 as JSON and as XML", async () => {
  const count = (GpUnitId: string, Count: number, Type = "total"): object => ({ GpUnitId, Type, Count });
  const report = {
    "@type": "ElectionResults.ElectionReport",
    GeneratedDate: "2026-11-04T01:00:00Z",
    GpUnit: [
      { "@id": "county", Name: "X", ComposingGpUnitIds: ["p1", "p2"] },
      { "@id": "p1", Name: "P1" },
      { "@id": "p2", Name: "P2" },
    ],
    Election: [
      {
        Name: { Text: [{ Language: "en", Content: "General" }] },
        ElectionScopeId: "county",
        Candidate: [{ "@id": "c", BallotName: { Text: [{ Language: "en", Content: "Ada" }] } }],
        BallotCounts: [
          { GpUnitId: "p1", Type: "total", BallotsCast: 12 },
          { GpUnitId: "p2", Type: "total", BallotsCast: 9 },
          { GpUnitId: "county", Type: "total", BallotsCast: 21 },
        ],
        Contest: [
          {
            "@id": "m",
            Name: "Mayor",
            VotesAllowed: 1,
            ContestSelection: [
              {
                "@id": "s",
                CandidateIds: ["c"],
                VoteCounts: [
                  count("p1", 4, "early"),
                  count("p1", 6, "election-day"),
                  count("p2", 8),
                  count("p2", 3, "early"),
                  count("county", 18),
                ],
              },
            ],
          },
        ],
      },
    ],
  };
  const xml =
    `<?xml version="1.0"?><ElectionReport xmlns="http://itl.nist.gov/ns/voting/1500-100/v2"><Election><BallotCounts><GpUnitId>p1</GpUnitId><Type>total</Type><BallotsCast>12</BallotsCast></BallotCounts>` +
    `<BallotCounts><GpUnitId>p2</GpUnitId><BallotsCast>9</BallotsCast></BallotCounts><BallotCounts><GpUnitId>county</GpUnitId><BallotsCast>21</BallotsCast></BallotCounts>` +
    `<Candidate ObjectId="c"><BallotName><Text Language="en">Ada</Text></BallotName></Candidate><Contest ObjectId="m"><ContestSelection ObjectId="s"><VoteCounts><GpUnitId>p1</GpUnitId><Type>total</Type><Count>10</Count></VoteCounts>` +
    `<VoteCounts><GpUnitId>p2</GpUnitId><Type>total</Type><Count>8</Count></VoteCounts><VoteCounts><GpUnitId>county</GpUnitId><Type>total</Type><Count>18</Count></VoteCounts><CandidateIds>c</CandidateIds></ContestSelection>` +
    `<Name>Mayor</Name><VotesAllowed>1</VotesAllowed></Contest><ElectionScopeId>county</ElectionScopeId><Name><Text Language="en">General</Text></Name></Election><GeneratedDate>2026-11-04T01:00:00Z</GeneratedDate>` +
    `<GpUnit ObjectId="county"><ComposingGpUnitIds>p1 p2</ComposingGpUnitIds><Name>X</Name></GpUnit><GpUnit ObjectId="p1"><Name>P1</Name></GpUnit><GpUnit ObjectId="p2"><Name>P2</Name></GpUnit></ElectionReport>`;
  for (const text of [JSON.stringify(report), xml]) {
    const snapshot = await read(text);
    expect(snapshot).toMatchObject({ format: "nist", election: "General", time: "2026-11-04T01:00:00Z", ballots: 21 });
    expect(snapshot.contests).toEqual([
      {
        id: "m",
        name: "Mayor",
        voteFor: 1,
        choices: [
          {
            name: "Ada",
            total: 18,
            precincts: new Map([
              ["P1", 10],
              ["P2", 8],
            ]),
          },
        ],
      },
    ]);
    expect(snapshot.turnout).toEqual([
      { precinct: "P1", ballots: 12 },
      { precinct: "P2", ballots: 9 },
    ]);
    expect(checkSnapshot(snapshot)).toEqual([]);
  }
  expect(await readResults(fileOf('{"Election":[]}'))).toMatchObject({ fault: { code: "unknown-format" } });
  expect(await readResults(fileOf("{"))).toMatchObject({ fault: { code: "not-json" } });
  const wrong = JSON.stringify(report).replace('"Count":8', '"Count":-8');
  expect(await readResults(fileOf(wrong))).toMatchObject({ fault: { code: "bad-row" } });
});

it("finds totals that are not the sum of their precincts", async () => {
  expect(told(checkSnapshot(await read(clarity({ total: 36 }))))).toEqual([
    "precinct-sum: Mayor & more, Ada: precincts add up to 35, the total says 36",
  ]);
  expect(told(checkSnapshot(await read(clarity({ ballots: 91 }))))).toEqual([
    "ballots-sum: ballots cast: precincts add up to 90, the total says 91",
  ]);
});

it("finds more votes than ballots", async () => {
  expect(told(checkSnapshot(await read(clarity({ cast: [17, 73] }))))).toEqual([
    "too-many-votes: Mayor & more, P1: 18 votes, but at most 17 can be",
  ]);
  expect(told(checkSnapshot(await read(clarity({ cast: [18, 23], ballots: 41 }))))).toEqual([
    "too-many-votes: Mayor & more, P2: 24 votes, but at most 23 can be",
    "too-many-votes: Mayor & more: 42 votes in all, but at most 41 can be",
  ]);
  const csv = CSV.with(4, "X,P1,Ballots Cast,,,,9").with(6, "X,Total,Ballots Cast,,,,1509");
  expect(told(checkSnapshot(await read(csv.join("\n"))))).toEqual([
    "too-many-votes: Senate 7, Ada, X, P1: 10 votes, but at most 9 can be",
  ]);
  const two = clarity({ cast: [9, 41], ballots: 50 }).replace('voteFor="1"', 'voteFor="2"');
  expect(checkSnapshot(await read(two))).toEqual([]);
});

it("finds what went back, and what is gone", async () => {
  const [early, late] = [await read(clarity()), await read(clarity({ ada: [9, 21] }))];
  expect(told(checkProgress(early, late))).toEqual(["went-back: Mayor & more, Ada, P1: 15 before, 14 later"]);
  expect(checkProgress(early, early)).toEqual([]);
  expect(checkProgress(early, await read(clarity({ ada: [11, 20], total: 36, cast: [41, 50], ballots: 91 })))).toEqual(
    [],
  );
  expect(told(checkProgress(early, { ...early, contests: [], turnout: early.turnout.slice(1) }))).toEqual([
    "missing-contest: Mayor & more: is in one snapshot and not in the other",
    "missing-precinct: P1: is in no figure of the later snapshot",
  ]);
});

it("finds where copies differ", async () => {
  const [one, other] = [await read(clarity()), await read(clarity({ ada: [9, 21], ballots: 91 }))];
  expect(told(checkCopies(one, other))).toEqual([
    "differs: Mayor & more, Ada, P1: 15 in one copy, 14 in the other",
    "differs: Mayor & more, Ada, P2: 20 in one copy, 21 in the other",
    "differs: ballots cast: 90 in one copy, 91 in the other",
  ]);
  expect(checkCopies(one, one)).toEqual([]);
});

/* A file of a state as OpenElections has it: precincts of several counties, and figures that are no votes. */
const STATE = [
  "county,precinct,office,district,party,candidate,votes",
  "Adams,P1,Registered Voters,,,,100",
  "Adams,P1,Ballots Cast,,,,14",
  "Adams,P1,Ballots Cast Blank,,,,1",
  "Adams,P1,Governor,,D,Ada,10",
  "Boone,P1,Ballots Cast,,,,9",
  "Boone,P1,Governor,,D,Ada,7",
  "Adams,Total,Governor,,D,Ada,10",
  "Boone,Total,Governor,,D,Ada,8",
  "",
].join("\n");

it("tells precincts of one name in two counties apart, and passes over what is no vote", async () => {
  const snapshot = await read(STATE);
  expect(snapshot.turnout).toEqual([
    { precinct: "Adams, P1", ballots: 14 },
    { precinct: "Boone, P1", ballots: 9 },
  ]);
  expect(snapshot.contests.map(({ name }) => name)).toEqual(["Governor"]);
  expect(told(checkSnapshot(snapshot))).toEqual([
    "precinct-sum: Governor, Ada: precincts add up to 17, the total says 18",
  ]);
});

it("takes counties for precincts where a file has none", async () => {
  const snapshot = await read("county,office,candidate,votes\nAdams,Governor,Ada,10\nBoone,Governor,Ada,7\n");
  expect([...(snapshot.contests[0]?.choices[0]?.precincts ?? [])]).toEqual([
    ["Adams", 10],
    ["Boone", 7],
  ]);
});

it("compares copies in two formats by what both have: contests by name, and no figure that one of them never states", async () => {
  const xml = await read(clarity());
  const rows = ["P1,Ada,15", "P2,Ada,20", "P1,Bob,3", "P2,Bob,5"].map((row) => row.replace(",", ",Mayor & more,"));
  const csv = await read(["precinct,contest,choice,votes", ...rows, ""].join("\n"));
  expect(told(checkCopies(xml, csv))).toEqual(["differs: Mayor & more, Bob, P2: 4 in one copy, 5 in the other"]);
  // In one format what is gone is a difference.
  const without = await read(clarity().replace(' ballotsCast="90"', ""));
  expect(told(checkCopies(xml, without))).toEqual(["differs: ballots cast: 90 in one copy, 0 in the other"]);
});

it("misses no precinct where a county joins another, nor between formats", async () => {
  const head = "county,precinct,office,candidate,votes\n";
  const early = await read(`${head}Adams,P1,Governor,Ada,10\n`);
  expect(checkProgress(early, await read(`${head}Adams,P1,Governor,Ada,10\nBoone,P1,Governor,Ada,3\n`))).toEqual([]);
  expect(told(checkProgress(early, await read(`${head}Boone,P1,Governor,Ada,10\n`)))).toEqual([
    "missing-precinct: Adams, P1: is in no figure of the later snapshot",
  ]);
  const totals = await read(
    clarity()
      .replaceAll(/<VoteType[^]*?<\/VoteType>/g, "")
      .replace(/<VoterTurnout[^]*?<\/VoterTurnout>/, ""),
  );
  const csv = await read("county,precinct,contest,choice,votes\nAdams,P1,Mayor & more,Ada,3\n");
  expect(checkProgress(csv, totals)).toEqual([]);
  expect(checkProgress(csv, await read(clarity()))).toEqual([]);
});
