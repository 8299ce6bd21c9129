import { closeSync, openSync, writeSync } from "node:fs";
import { numbers } from "../lib/measure.mjs";

/** Choices of each contest, and how many a voter may choose: a ballot of a large county. */
const CONTESTS = [8, 4, 4, 3, 3, 2, 2, 2, 2, 2, 5, 6].map((choices, i) => ({ choices, voteFor: i === 11 ? 3 : 1 }));
const PER_BATCH = 200;
const AT_ONCE = 1000;

/** @param {string} path @param {number} cards @returns {void} a Dominion export as CSV */
export function writeDominionCsv(path, cards) {
  const chance = numbers(7);
  const columns = CONTESTS.flatMap(({ choices, voteFor }, i) =>
    Array.from({ length: choices }, (_, k) => ({
      contest: `Contest ${i} (Vote For=${voteFor})`,
      choice: `Choice ${k}`,
    })),
  );
  const front = "CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType";
  const blank = ",".repeat(front.split(",").length);
  const head = [
    "A county,5.17.17.1",
    blank + columns.map(({ contest }) => contest).join(","),
    blank + columns.map(({ choice }) => choice).join(","),
    `${front},${columns.map(() => "").join(",")}`,
  ];
  writeLines(path, cards, head, (card) => {
    const { tabulator, batch, record, style } = placeOf(card);
    const marks = CONTESTS.flatMap(({ choices }, i) => {
      if (!isOnCard(i, style)) return Array.from({ length: choices }, () => "");
      const chosen = chance(choices + 1);
      return Array.from({ length: choices }, (_, k) => (k === chosen ? "1" : "0"));
    });
    const imprint = `${tabulator}-${batch}-${record}`;
    return `${card + 1},${tabulator},${batch},${record},${imprint},Mail,Precinct ${style},Style ${style},${marks.join(",")}`;
  });
}

/** @param {string} path @param {number} cards @returns {void} a Dominion export as JSON, in one file */
export function writeDominionJson(path, cards) {
  const chance = numbers(7);
  let comma = "";
  writeLines(
    path,
    cards,
    ['{"Version":"5.17.17.1","ElectionId":"A county","Sessions":['],
    (card) => {
      const { tabulator, batch, record, style } = placeOf(card);
      const contests = CONTESTS.flatMap(({ choices }, i) => {
        if (!isOnCard(i, style)) return [];
        const chosen = chance(choices + 1);
        const mark = {
          CandidateId: 100 * i + chosen,
          ManifestationId: 100 * i + chosen,
          PartyId: 0,
          Rank: 1,
          WriteInIndex: 0,
          MarkDensity: 90,
          WriteInDensity: 0,
          IsAmbiguous: false,
          IsVote: true,
          OutstackConditionIds: [],
        };
        const Marks = chosen === choices ? [] : [mark];
        return [{ Id: i, ManifestationId: i, Undervotes: 0, Overvotes: 0, OutstackConditionIds: [], Marks }];
      });
      const Cards = [{ Id: style, KeyInId: style, PaperIndex: 0, Contests: contests, OutstackConditionIds: [] }];
      const session = {
        TabulatorId: tabulator,
        BatchId: batch,
        RecordId: record,
        CountingGroupId: 2,
        ImageMask: `Tabulator${tabulator}\\Batch${batch}\\Images\\${record}*.*`,
        SessionType: "ScannedVote",
        VotingSessionIdentifier: "",
        UniqueVotingIdentifier: "",
        Original: { PrecinctPortionId: style, BallotTypeId: style, IsCurrent: true, Cards },
      };
      const line = comma + JSON.stringify(session);
      comma = ",";
      return line;
    },
    "]}",
  );
}

/** @returns {{ contests: string, candidates: string }} the manifests that belong to the export as JSON */
export function dominionManifests() {
  const contests = CONTESTS.map(({ voteFor }, i) => ({
    Description: `Contest ${i}`,
    Id: i,
    VoteFor: voteFor,
    NumOfRanks: 0,
  }));
  const candidates = CONTESTS.flatMap(({ choices }, i) =>
    Array.from({ length: choices }, (_, k) => ({
      Description: `Choice ${k}`,
      Id: 100 * i + k,
      ContestId: i,
      Type: "Regular",
    })),
  );
  return {
    contests: JSON.stringify({ Version: "5.17.17.1", List: contests }),
    candidates: JSON.stringify({ Version: "5.17.17.1", List: candidates }),
  };
}

/** @param {number} card */
function placeOf(card) {
  const batches = Math.floor(card / PER_BATCH);
  return {
    tabulator: 100 + (batches % 40),
    batch: Math.floor(batches / 40) + 1,
    record: (card % PER_BATCH) + 1,
    style: card % 24,
  };
}

/** Half of the contests are on every card, each other one on half of the styles. @param {number} contest @param {number} style */
function isOnCard(contest, style) {
  return contest < 6 || (style >> (contest % 4)) % 2 === 0;
}

/** @param {string} path @param {number} count @param {readonly string[]} head @param {(i: number) => string} lineOf @param {string} [end] */
function writeLines(path, count, head, lineOf, end = "") {
  const file = openSync(path, "w");
  writeSync(file, `${head.join("\n")}\n`);
  for (let from = 0; from < count; from += AT_ONCE) {
    const lines = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => `${lineOf(from + i)}\n`);
    writeSync(file, lines.join(""));
  }
  if (end !== "") writeSync(file, end);
  closeSync(file);
}
