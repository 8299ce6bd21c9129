import { ok, present, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CastVoteRecord, ContestVotes } from "../../cvr.ts";
import { batchName } from "../batch-name.ts";
import { positionOf } from "../csv/mark-columns.ts";
import type { RowFault } from "../fault.ts";
import type { Shape } from "../json/json-picker.ts";
import { arrayAt, member, textAt } from "../json/shape.ts";
import { VotesPool } from "../votes-pool.ts";
import type { DominionContests } from "./manifests.ts";

/** Marks that a voter can make in one contest; more are damage. */
const MAX_MARKS = 4096;

const CONTESTS: Shape = [
  { Id: "leaf", Marks: [{ CandidateId: "leaf", Rank: "leaf", IsVote: "leaf", IsAmbiguous: "leaf" }] },
];
const RECORD: Shape = { BallotTypeId: "leaf", IsCurrent: "leaf", Contests: CONTESTS, Cards: [{ Contests: CONTESTS }] };

/** What is read of a session. */
export const SESSION: Shape = {
  TabulatorId: "leaf",
  BatchId: "leaf",
  RecordId: "leaf",
  ImageMask: "leaf",
  Original: RECORD,
  Modified: RECORD,
};

interface Ballot {
  readonly id: string;
  readonly batch: string;
  readonly position: number | undefined;
  readonly style: string | undefined;
}

/** Makes cards of the sessions of an export: what one scan, or one voter at a machine, gave. */
export class SessionReader {
  readonly #contests: DominionContests["contests"];
  readonly #pools: readonly VotesPool[];
  readonly #ranks: readonly number[];
  readonly #marked = new Int32Array(MAX_MARKS);

  constructor({ contests, ranks }: DominionContests) {
    this.#contests = contests;
    this.#ranks = ranks;
    this.#pools = contests.all.map(({ candidates }, contest) => {
      const marks = Array.from({ length: Math.max(1, ranks[contest] ?? 0) }, (_, rank) =>
        candidates.map((_candidate, candidate) => ({ candidate, rank: rank + 1 })),
      );
      return new VotesPool(contest, marks.flat());
    });
  }

  /**
   * The cards of a session, one for each sheet of paper. Of `Original` and `Modified` the one that is current counts,
   * of the marks those that the system counted (`IsVote`).
   */
  cards(session: unknown): Result<CastVoteRecord[], RowFault> {
    const [original, modified] = [member(session, "Original"), member(session, "Modified")];
    const current = [original, modified].filter((record) => member(record, "IsCurrent") === true);
    if (current.length !== 1) return refused("of Original and Modified exactly one must be current");
    const [record] = current;
    const [tabulator, batch] = [textAt(session, "TabulatorId"), textAt(session, "BatchId")];
    const number = recordNumber(session);
    if (tabulator === "" || batch === "" || number === "") return refused("names no tabulator, batch or record");
    const position = positionOf(number);
    const style = textAt(record, "BallotTypeId");
    const ballot = { batch: batchName(tabulator, batch), position, style: style === "" ? undefined : style };
    // Before version 5.10 a record held its contests itself.
    const sheets = Array.isArray(member(record, "Cards")) ? arrayAt(record, "Cards") : [record];
    const cards: CastVoteRecord[] = [];
    for (const [i, sheet] of sheets.entries()) {
      const id = `${tabulator}-${batch}-${number}${sheets.length === 1 ? "" : `-${i + 1}`}`;
      const card = this.#card({ id, ...ballot }, sheet);
      if (!card.ok) return card;
      cards.push(card.value);
    }
    return cards.length === 0 ? refused("has no card") : ok(cards);
  }

  #card({ id, batch, position, style }: Ballot, sheet: unknown): Result<CastVoteRecord, RowFault> {
    const listed = member(sheet, "Contests");
    if (!Array.isArray(listed)) return refused("has a card without contests");
    const votes: ContestVotes[] = [];
    for (const entry of listed as unknown[]) {
      const name = textAt(entry, "Id");
      const contest = this.#contests.find(name);
      if (contest === undefined) return refused(`has the contest ${quote(name)}, which ContestManifest.json has not`);
      if (votes.some((other) => other.contest === contest)) return refused(`has the contest ${quote(name)} twice`);
      const count = this.#marks(contest, entry);
      if (typeof count !== "number") return count;
      votes.push((this.#pools[contest] as VotesPool).of(this.#marked, count));
    }
    return ok({ id, batch, position, style, votes });
  }

  /** Puts down the marks of a contest and says how many they are. */
  #marks(contest: number, entry: unknown): number | ReturnType<typeof refused> {
    const of = present(this.#contests.all[contest], "a contest that has a number");
    const ranks = this.#ranks[contest] ?? 0;
    const marks = member(entry, "Marks");
    if (!Array.isArray(marks) || marks.length > MAX_MARKS) return refused("has a contest without a list of marks");
    let count = 0;
    for (const mark of marks as unknown[]) {
      const isVote = member(mark, "IsVote");
      if (isVote === false || (isVote === undefined && member(mark, "IsAmbiguous") === true)) continue;
      const name = textAt(mark, "CandidateId");
      const candidate = of.find(name);
      if (candidate === undefined) {
        return refused(`has the candidate ${quote(name)}, which CandidateManifest.json has not in that contest`);
      }
      const rank = ranks === 0 ? 1 : member(mark, "Rank");
      if (!Number.isInteger(rank) || (rank as number) < 1 || (rank as number) > Math.max(1, ranks)) {
        return refused(`has a rank that is none of the ${ranks} of its contest`);
      }
      this.#marked[count++] = ((rank as number) - 1) * of.candidates.length + candidate;
    }
    return count;
  }
}

/** In published exports the record's number is often hidden ("X") but stands at the end of the name of the image. */
function recordNumber(session: unknown): string {
  const number = textAt(session, "RecordId");
  if (/^\d+$/.test(number)) return number;
  const [, inImage] = /_0*(\d+)\*\.\*$/.exec(textAt(session, "ImageMask")) ?? [];
  return inImage ?? number;
}

function refused(message: string): { readonly ok: false; readonly fault: RowFault } {
  return { ok: false, fault: { code: "bad-row", message: `the session ${message}` } };
}
