import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { cardsOf, everythingIn, fileOf, PHANTOM, REFUSE } from "../../testing/files.ts";
import { looseFiles } from "../file-set.ts";
import { readDominionJson } from "./json.ts";

/*
 * The layout is that of Democracy Suite 5.10 and later as San Francisco's Department of Elections publishes it
 * (sfelections.org, "CVR Export JSON") and as SHANGRLA's and RCTab's documentation describe it.
 */

const CONTESTS = {
  Version: "5.10.50.85",
  List: [
    { Description: "Mayor", Id: 1, VoteFor: 1, NumOfRanks: 3 },
    { Description: "Measure A", Id: 2, VoteFor: 1, NumOfRanks: 0 },
  ],
};
const CANDIDATES = {
  Version: "5.10.50.85",
  List: [
    { Description: "Ada", Id: 10, ContestId: 1, Type: "Regular" },
    { Description: "Someone", Id: 11, ContestId: 1, Type: "WriteIn" },
    { Description: "Yes", Id: 20, ContestId: 2, Type: "Regular" },
    { Description: "No", Id: 21, ContestId: 2, Type: "Regular" },
  ],
};

function mark(CandidateId: number, Rank: number, more: object = {}): object {
  return { CandidateId, PartyId: 0, Rank, MarkDensity: 90, IsAmbiguous: false, IsVote: true, ...more };
}

function session(RecordId: number | string, Contests: readonly object[], more: object = {}): object {
  const Cards = [{ Id: 1, PaperIndex: 0, Contests, OutstackConditionIds: [] }];
  const Original = { PrecinctPortionId: 4, BallotTypeId: 7, IsCurrent: true, Cards };
  return { TabulatorId: 30, BatchId: 5, RecordId, SessionType: "ScannedVote", ImageMask: "", Original, ...more };
}

function read(
  sessions: readonly unknown[],
  options = REFUSE,
  contests: unknown = CONTESTS,
): ReturnType<typeof readDominionJson> {
  const files = {
    "export/CvrExport_1.json": { Version: "5.10.50.85", ElectionId: "x", Sessions: sessions.slice(0, 1) },
    "export/ContestManifest.json": contests,
    "export/CvrExport_2.json": { Version: "5.10.50.85", ElectionId: "x", Sessions: sessions.slice(1) },
    "export/CandidateManifest.json": CANDIDATES,
    "export/PrecinctManifest.json": { List: [] },
  };
  const loose = Object.entries(files).map(([name, content]) => fileOf(JSON.stringify(content, undefined, 1), name, 50));
  return readDominionJson(looseFiles(loose), "export", options);
}

it("reads contests and candidates from the manifests", async () => {
  const { contests } = unwrap(await read([]));
  expect(contests).toEqual([
    {
      id: "1",
      name: "Mayor",
      voteFor: 1,
      isRanked: true,
      candidates: [
        { id: "10", name: "Ada", isWriteIn: false },
        { id: "11", name: "Someone", isWriteIn: true },
      ],
    },
    {
      id: "2",
      name: "Measure A",
      voteFor: 1,
      isRanked: false,
      candidates: [
        { id: "20", name: "Yes", isWriteIn: false },
        { id: "21", name: "No", isWriteIn: false },
      ],
    },
  ]);
});

it("reads sessions: ranks, what the system did not count, adjudicated records, several sheets, hidden numbers", async () => {
  const adjudicated = {
    Original: { BallotTypeId: 7, IsCurrent: false, Cards: [{ Contests: [{ Id: 2, Marks: [mark(20, 1)] }] }] },
    Modified: { BallotTypeId: 7, IsCurrent: true, Cards: [{ Contests: [{ Id: 2, Marks: [mark(21, 1)] }] }] },
  };
  const sheets = { BallotTypeId: 7, IsCurrent: true, Cards: [{ Contests: [{ Id: 2, Marks: [] }] }, { Contests: [] }] };
  const old = {
    BallotTypeId: 7,
    IsCurrent: true,
    Contests: [{ Id: 2, Marks: [{ CandidateId: 20, Rank: 1, IsAmbiguous: true }] }],
  };
  const sessions = [
    session(1, [
      { Id: 1, Marks: [mark(11, 1), mark(10, 2)] },
      { Id: 2, Marks: [] },
    ]),
    session(2, [{ Id: 2, Marks: [mark(20, 1, { IsAmbiguous: true, IsVote: false }), mark(21, 1)] }]),
    session(3, [], adjudicated),
    session(4, [], { Original: sheets }),
    session("X", [], { Original: old, ImageMask: "D:\\NAS\\Tabulator00030\\Batch005\\Images\\00030_00005_000041*.*" }),
  ];
  expect(await cardsOf(await read(sessions))).toEqual([
    "30-5-1 30/5: Mayor=Someone(1),Ada(2); Measure A=",
    "30-5-2 30/5: Measure A=No",
    "30-5-3 30/5: Measure A=No",
    "30-5-4-1 30/5: Measure A=",
    "30-5-4-2 30/5:",
    "30-5-41 30/5: Measure A=",
  ]);
});

it.each([
  [session(2, [], { Modified: { IsCurrent: true } }), "exactly one must be current"],
  [session(2, [{ Id: 9, Marks: [] }]), 'the contest "9", which ContestManifest.json has not'],
  [session(2, [{ Id: 2, Marks: [mark(10, 1)] }]), 'the candidate "10", which CandidateManifest.json has not'],
  [session(2, [{ Id: 1, Marks: [mark(10, 4)] }]), "a rank that is none of the 3"],
  [
    session(2, [
      { Id: 2, Marks: [] },
      { Id: 2, Marks: [] },
    ]),
    'the contest "2" twice',
  ],
  [session(2, [{ Id: 2 }]), "without a list of marks"],
  [session(1, []), 'the card "30-5-1" stands in the file before'],
  [session("", []), "no tabulator, batch or record"],
  [7, "exactly one must be current"],
])("refuses a session, or counts a phantom for it: %#", async (bad, words) => {
  const sessions = [session(1, []), bad, session(3, [])];
  const refused = await everythingIn(unwrap(await read(sessions)));
  expect(refused.cards.map(({ id }) => id)).toEqual(["30-5-1"]);
  expect(refused.fault).toMatchObject({ file: "export/CvrExport_2.json", line: 5 });
  expect(refused.fault?.message).toContain(words);
  const kept = await everythingIn(unwrap(await read(sessions, PHANTOM)));
  expect(kept).toEqual({ cards: expect.objectContaining({ length: 2 }), phantoms: [refused.fault], fault: undefined });
});

it("says which file is missing, and what in a manifest cannot be", async () => {
  const none = await readDominionJson(looseFiles([fileOf("{}", "CvrExport.json")]), "export", REFUSE);
  expect(none).toMatchObject({
    fault: { code: "missing-file", message: expect.stringContaining("ContestManifest.json") },
  });
  const twice = { List: [CONTESTS.List[0], CONTESTS.List[0]] };
  expect(await read([], REFUSE, twice)).toMatchObject({
    fault: { code: "bad-header", file: "export/ContestManifest.json" },
  });
  const manifests = ["Contest", "Candidate"].map((name) => fileOf('{"List":[]}', `${name}Manifest.json`));
  expect(await readDominionJson(looseFiles(manifests), "export", REFUSE)).toMatchObject({
    fault: { code: "bad-header" },
  });
  const lone = ["ContestManifest", "CandidateManifest"].map((name, i) =>
    fileOf(JSON.stringify([CONTESTS, CANDIDATES][i]), `${name}.json`),
  );
  const { fault } = await everythingIn(unwrap(await readDominionJson(looseFiles(lone), "export", REFUSE)));
  expect(fault).toMatchObject({ code: "missing-file", message: expect.stringContaining("CvrExport.json") });
});
