import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { cardsOf, everythingIn, fileOf, PHANTOM, REFUSE } from "../../testing/files.ts";
import { readCvrs } from "../read-cvrs.ts";

/* One report in both forms, after the examples in SP 1500-103, version 1.0. */

const CONTESTS = [
  {
    "@type": "CVR.CandidateContest",
    "@id": "c1",
    Name: "Mayor",
    VotesAllowed: 1,
    VoteVariation: "rcv",
    ContestSelection: [
      { "@type": "CVR.CandidateSelection", "@id": "s1", CandidateIds: ["p1"] },
      { "@type": "CVR.CandidateSelection", "@id": "s2", IsWriteIn: true },
    ],
  },
  {
    "@type": "CVR.BallotMeasureContest",
    "@id": "c2",
    Name: "Measure A",
    ContestSelection: [
      { "@type": "CVR.BallotMeasureSelection", "@id": "y", Selection: "Yes" },
      { "@type": "CVR.BallotMeasureSelection", "@id": "n", Selection: "No" },
    ],
  },
];

function cvr(UniqueId: string, contests: readonly object[], more: object = {}): object {
  const snapshots = [
    { "@type": "CVR.CVRSnapshot", "@id": `${UniqueId}-o`, Type: "original", CVRContest: [] },
    { "@type": "CVR.CVRSnapshot", "@id": `${UniqueId}-i`, Type: "interpreted", CVRContest: contests },
  ];
  const where = { CreatingDeviceId: "d7", BatchId: "b3", BatchSequenceId: 12, BallotStyleId: "st1", ElectionId: "e" };
  return {
    "@type": "CVR.CVR",
    UniqueId,
    CurrentSnapshotId: `${UniqueId}-i`,
    CVRSnapshot: snapshots,
    ...where,
    ...more,
  };
}

function chosen(ContestSelectionId: string, more: object = {}): object {
  return {
    ContestSelectionId,
    SelectionPosition: [{ HasIndication: "yes", IsAllocable: "yes", NumberVotes: 1, ...more }],
  };
}

function json(...cvrs: readonly unknown[]): string {
  const Election = [
    { "@type": "CVR.Election", "@id": "e", Name: "Test", Candidate: [{ "@id": "p1", Name: "Ada" }], Contest: CONTESTS },
  ];
  return JSON.stringify(
    {
      "@type": "CVR.CastVoteRecordReport",
      CVR: cvrs,
      Election,
      GeneratedDate: "2026-11-04T00:00:00Z",
      Version: "1.0.0",
    },
    undefined,
    1,
  );
}

const GOOD = [
  cvr("u1", [
    { ContestId: "c1", CVRContestSelection: [chosen("s2", { Rank: 1 }), { ...chosen("s1"), Rank: 2 }] },
    {
      ContestId: "c2",
      CVRContestSelection: [chosen("y", { IsAllocable: "no" }), chosen("n", { HasIndication: "no" })],
    },
  ]),
  cvr("u2", [{ ContestId: "c2", CVRContestSelection: [chosen("y", { IsAllocable: "unknown" })] }]),
];

const CARDS = ["u1 d7/b3: Mayor=Write-in(1),Ada(2); Measure A=", "u2 d7/b3: Measure A=Yes"];

it("reads JSON, whose contests stand behind the cards", async () => {
  const read = await readCvrs([fileOf(json(...GOOD), "r.json", 99)], REFUSE);
  expect(unwrap(read)).toMatchObject({ format: "nist-json", election: "Test" });
  expect(await cardsOf(read)).toEqual(CARDS);
  expect((await everythingIn(unwrap(read))).cards[0]).toMatchObject({ position: 12, style: "st1" });
});

it("reads XML", async () => {
  const position = (more: string): string =>
    `<SelectionPosition><HasIndication>yes</HasIndication>${more}<NumberVotes>1</NumberVotes></SelectionPosition>`;
  const selection = (id: string, more = ""): string =>
    `<CVRContestSelection><ContestSelectionId>${id}</ContestSelectionId>${position(more)}</CVRContestSelection>`;
  const where = "<CreatingDeviceId>d7</CreatingDeviceId><BatchId>b3</BatchId>";
  const card = (id: string, contests: string): string =>
    `<CVR>${where}<CVRSnapshot ObjectId="${id}-i">${contests}<Type>interpreted</Type></CVRSnapshot><CurrentSnapshotId>${id}-i</CurrentSnapshotId><UniqueId>${id}</UniqueId></CVR>`;
  const text =
    `<?xml version="1.0"?><CastVoteRecordReport xmlns="http://itl.nist.gov/ns/voting/1500-103/v1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    card(
      "u1",
      `<CVRContest><ContestId>c1</ContestId>${selection("s2", "<Rank>1</Rank>")}${selection("s1", "<Rank>2</Rank>")}</CVRContest><CVRContest><ContestId>c2</ContestId></CVRContest>`,
    ) +
    card("u2", `<CVRContest><ContestId>c2</ContestId>${selection("y")}</CVRContest>`) +
    `<Election ObjectId="e"><Candidate ObjectId="p1"><Name>Ada</Name></Candidate>` +
    `<Contest ObjectId="c1" xsi:type="CandidateContest"><ContestSelection ObjectId="s1" xsi:type="CandidateSelection"><CandidateIds>p1</CandidateIds></ContestSelection>` +
    `<ContestSelection ObjectId="s2" xsi:type="CandidateSelection"><IsWriteIn>true</IsWriteIn></ContestSelection><Name>Mayor</Name><VoteVariation>rcv</VoteVariation><VotesAllowed>1</VotesAllowed></Contest>` +
    `<Contest ObjectId="c2"><ContestSelection ObjectId="y"><Selection>Yes</Selection></ContestSelection><Name>Measure A</Name></Contest><Name>Test</Name></Election></CastVoteRecordReport>`;
  const read = await readCvrs([fileOf(text, "r.xml", 99)], REFUSE);
  expect(unwrap(read)).toMatchObject({
    format: "nist-xml",
    election: "Test",
    contests: [{ voteFor: 1, isRanked: true }, { voteFor: undefined }],
  });
  expect(await cardsOf(read)).toEqual(CARDS);
});

it.each([
  [cvr("u", [], { CurrentSnapshotId: "other" }), "no snapshot"],
  [cvr("", [], { BatchSequenceId: undefined }), "no UniqueId"],
  [cvr("u", [{ ContestId: "c9" }]), 'the contest "c9", which Election has not'],
  [cvr("u", [{ ContestId: "c1" }, { ContestId: "c1" }]), "twice"],
  [cvr("u", [{ ContestId: "c2", CVRContestSelection: [chosen("s1")] }]), 'the choice "s1"'],
  [cvr("u", [{ ContestId: "c1", CVRContestSelection: [chosen("s1")] }]), "no rank"],
  [cvr("u", [{ ContestId: "c2", CVRContestSelection: [chosen("y", { NumberVotes: 2 })] }]), 'gives "2" votes'],
  [cvr("u1", []), "stands in the file before"],
])("refuses a record, or counts a phantom for it: %#", async (bad, words) => {
  const file = fileOf(json(GOOD[0], bad, GOOD[1]), "r.json");
  const { fault } = await everythingIn(unwrap(await readCvrs([file], REFUSE)));
  expect(fault?.message).toContain(words);
  const kept = await everythingIn(unwrap(await readCvrs([file], PHANTOM)));
  expect(kept).toMatchObject({ cards: { length: 2 }, phantoms: [fault], fault: undefined });
});

it("says when a file is nothing that it knows", async () => {
  for (const text of ["", "hello", "{}", "<a/>", '{"List":[]}']) {
    expect(await readCvrs([fileOf(text, "x")], REFUSE)).toMatchObject({ ok: false, fault: { code: "unknown-format" } });
  }
  expect(await readCvrs([], REFUSE)).toMatchObject({ fault: { code: "missing-file" } });
});
