import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CastVoteRecord, ContestVotes } from "../../cvr.ts";
import { batchName } from "../batch-name.ts";
import type { ContestBuilder, Contests } from "../contests.ts";
import { positionOf } from "../csv/mark-columns.ts";
import type { RowFault } from "../fault.ts";
import { LIMITS } from "../input.ts";
import { all, word } from "./report.ts";

/**
 * The card of a `CVR` (SP 1500-103): of its snapshots the current one counts, of its marks those that are indicated and
 * not said to be unallocable. A report may leave out contests without a mark; those are then not on the card.
 */
export function cardOf(cvr: unknown, contests: Contests): Result<readonly CastVoteRecord[], RowFault> {
  const snapshots = all(cvr, "CVRSnapshot");
  const currentId = word(cvr, "CurrentSnapshotId");
  const current = snapshots.filter((snapshot) => word(snapshot, "@id") === currentId && currentId !== "");
  if (current.length !== 1) return refused("has no snapshot, or several, of its CurrentSnapshotId");
  const [device, batchId, sequence] = ["CreatingDeviceId", "BatchId", "BatchSequenceId"].map((name) =>
    word(cvr, name),
  ) as [string, string, string];
  const own = word(cvr, "UniqueId") || word(cvr, "BallotAuditId") || word(cvr, "BallotPrePrintedId");
  const id = own || (sequence === "" ? "" : [device, batchId, sequence].join("-"));
  if (id === "" || id.length > LIMITS.text) return refused("has no UniqueId, BallotAuditId or BatchSequenceId");
  const votes: ContestVotes[] = [];
  for (const entry of all(current[0], "CVRContest")) {
    const contestId = word(entry, "ContestId");
    const contest = contests.get(contestId);
    const number = contests.find(contestId);
    if (contest === undefined || number === undefined)
      return refused(`has the contest ${quote(contestId)}, which Election has not`);
    if (votes.some((other) => other.contest === number)) return refused(`has the contest ${quote(contestId)} twice`);
    const read = votesOf(entry, contest, number);
    if (!read.ok) return read;
    votes.push(read.value);
  }
  const style = word(cvr, "BallotStyleId");
  const batch = device === "" || batchId === "" ? batchId : batchName(device, batchId);
  return ok([{ id, batch, position: positionOf(sequence), style: style === "" ? undefined : style, votes }]);
}

function votesOf(entry: unknown, contest: ContestBuilder, number: number): Result<ContestVotes, RowFault> {
  const candidates: number[] = [];
  const ranks: number[] = [];
  for (const selection of all(entry, "CVRContestSelection")) {
    const positions = all(selection, "SelectionPosition").filter((position) => {
      return word(position, "HasIndication") === "yes" && word(position, "IsAllocable") !== "no";
    });
    if (positions.length === 0) continue;
    const name = word(selection, "ContestSelectionId");
    const candidate = contest.find(name);
    if (candidate === undefined) return refused(`has the choice ${quote(name)}, which ${quote(contest.name)} has not`);
    for (const position of positions) {
      const count = word(position, "NumberVotes");
      if (count !== "1" && count !== "") return refused(`gives ${quote(count)} votes at one place; only 1 can be read`);
      const rank = contest.isRanked ? Number(word(position, "Rank") || word(selection, "Rank")) : 1;
      if (!Number.isInteger(rank) || rank < 1 || rank > 255) return refused(`has no rank in ${quote(contest.name)}`);
      candidates.push(candidate);
      ranks.push(rank);
    }
  }
  return ok({ contest: number, candidates: Uint16Array.from(candidates), ranks: Uint8Array.from(ranks) });
}

function refused(message: string): { readonly ok: false; readonly fault: RowFault } {
  return { ok: false, fault: { code: "bad-row", message: `the CVR ${message}` } };
}
