import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CastVoteRecord, ContestVotes } from "../cvr.ts";
import { BlockBuilder } from "./block-builder.ts";
import type { CardBlock, CvrOptions, CvrReading } from "./cards.ts";
import { Contests } from "./contests.ts";
import type { CsvRecords } from "./csv/csv-records.ts";
import { headOf, readCsv } from "./csv/read-csv.ts";
import { type ReadFault, refuse, type RowFault } from "./fault.ts";
import { type InputFile, LIMITS } from "./input.ts";

const MAX_RANKS = 255;

/**
 * Reads the format of RAIRE and its successors (Blom, Stuckey, Teague, "RAIRE: Risk-Limiting Audits for IRV Elections",
 * arXiv:1903.08804, and the data published with it): the number of contests; for each
 * `Contest,id,n,candidate,…[,winner,…]`; then `contest,ballot,first,second,…`. Lines of one ballot follow each other.
 */
export async function readRaire(file: InputFile, options: CvrOptions): Promise<Result<CvrReading, ReadFault>> {
  const first = await headOf(file, 1);
  if (!first.ok) return first;
  const count = Number(/^\d{1,6}$/.exec(first.value[0]?.[0] ?? "")?.[0] ?? 0);
  if (count < 1 || count > LIMITS.contests) {
    return refuse(file.name, 1, "bad-header", "does not begin with the number of its contests");
  }
  const head = await headOf(file, count + 1);
  if (!head.ok) return head;
  const contests = new Contests();
  for (const [i, [keyword = "", id = "", size = "", ...more]] of head.value.slice(1).entries()) {
    const candidates = more.slice(0, Number(size));
    const isWhole = candidates.length === Number(size) && new Set(candidates).size === candidates.length;
    if (keyword !== "Contest" || !/^\d{1,4}$/.test(size) || !isWhole || contests.get(id) !== undefined) {
      return refuse(file.name, i + 2, "bad-header", "is no line Contest,id,n,candidate,… of another contest");
    }
    const contest = contests.add(id, id, 1);
    contest.isRanked = true;
    for (const candidate of candidates) contest.candidate(candidate);
  }
  if (contests.all.length < count)
    return refuse(file.name, head.value.length, "bad-header", "names fewer contests than it says");
  const finished = contests.finish();
  if (!finished.ok) return refuse(file.name, 2, finished.fault.code, finished.fault.message);
  const blocks: CvrReading["blocks"] = () => blocksOf(file, count + 1, contests, options);
  return ok({ format: "raire", election: "", contests: finished.value, blocks });
}

async function* blocksOf(
  file: InputFile,
  heading: number,
  contests: Contests,
  options: CvrOptions,
): AsyncGenerator<Result<CardBlock, ReadFault>> {
  const builder = new BlockBuilder(options);
  let skipped = 0;
  let ballot: { readonly id: string; readonly line: number; readonly votes: ContestVotes[] } | undefined;
  const finish = (): void => {
    if (ballot !== undefined) builder.add(file.name, ballot.line, cardOf(ballot.id, ballot.votes));
    ballot = undefined;
  };
  for await (const read of readCsv(file)) {
    if (!read.ok) return yield read;
    const rows = read.value;
    while (builder.refused === undefined && rows.next()) {
      if (skipped++ < heading) continue;
      const vote = rows.fault === undefined ? voteOf(rows, contests) : ({ ok: false, fault: rows.fault } as const);
      const id = rows.text(1);
      if (ballot?.id !== id) finish();
      if (vote.ok && ballot?.votes.some(({ contest }) => contest === vote.value.contest) !== true) {
        ballot ??= { id, line: rows.line, votes: [] };
        ballot.votes.push(vote.value);
      } else if (builder.refused === undefined) builder.fail(file.name, rows.line, vote.ok ? TWICE : vote.fault);
    }
    yield* builder.take();
    if (builder.refused !== undefined) return yield { ok: false, fault: builder.refused };
  }
  finish();
  yield* builder.take();
  if (builder.refused !== undefined) yield { ok: false, fault: builder.refused };
}

function cardOf(id: string, votes: readonly ContestVotes[]): CastVoteRecord {
  return { id, batch: "", position: undefined, style: undefined, votes };
}

function voteOf(row: CsvRecords, contests: Contests): Result<ContestVotes, RowFault> {
  const [contestId = "", ballot = "", ...choices] = row.texts();
  const number = contests.find(contestId);
  const contest = contests.get(contestId);
  if (number === undefined || contest === undefined) return refused(`names the unknown contest ${quote(contestId)}`);
  if (ballot === "" || ballot.length > LIMITS.text) return refused("names no ballot");
  while (choices.at(-1) === "") choices.pop();
  const candidates = choices.map((choice) => contest.find(choice) ?? -1);
  const unknown = candidates.indexOf(-1);
  if (unknown >= 0) return refused(`names the unknown candidate ${quote(choices[unknown] ?? "")}`);
  if (new Set(candidates).size < candidates.length) return refused("names a candidate twice");
  if (candidates.length > MAX_RANKS) return refused(`has more than ${MAX_RANKS} ranks`);
  const ranks = Uint8Array.from(candidates, (_, i) => i + 1);
  return ok({ contest: number, candidates: Uint16Array.from(candidates), ranks });
}

function refused(message: string): { readonly ok: false; readonly fault: RowFault } {
  return { ok: false, fault: { code: "bad-row", message } };
}

const TWICE: RowFault = { code: "bad-row", message: "is the ballot's second line of this contest" };
