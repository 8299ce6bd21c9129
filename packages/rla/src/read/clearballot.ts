import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CvrOptions, CvrReading } from "./cards.ts";
import { Contests } from "./contests.ts";
import { cardBlocks } from "./csv/card-blocks.ts";
import { type ContestColumns, markReader } from "./csv/mark-columns.ts";
import { headOf } from "./csv/read-csv.ts";
import { type ReadFault, refuse } from "./fault.ts";
import type { InputFile } from "./input.ts";
import type { Mark } from "./votes-pool.ts";

const PLAIN = /^Choice_(\d+)_\d+:(.*):Vote For (\d{1,4}):(.*):([^:]*)$/s;
const RANKED = /^Choice_(\d+)_\d+:(.*):([1-9]\d?):Number of Winners (\d{1,4}):(.*):([^:]*)$/s;

/**
 * Reads the cast-vote records that ClearBallot's ClearCount exports as CSV (as Arlo's documentation and Multnomah
 * County's publication of 2024 have them): one row of headings, in which each choice is
 * `Choice_ID_1:contest:Vote For N:choice:party`, or `Choice_ID_1:contest:rank:Number of Winners N:choice:party`.
 */
export async function readClearBallot(file: InputFile, options: CvrOptions): Promise<Result<CvrReading, ReadFault>> {
  const head = await headOf(file, 1);
  if (!head.ok) return head;
  const [headings = []] = head.value;
  const first = headings.findIndex((heading) => heading.startsWith("Choice_"));
  const names = headings.slice(0, Math.max(0, first));
  const missing = ["ScanComputerName", "BoxID", "BoxPosition"].find((name) => !names.includes(name));
  if (first < 0 || missing !== undefined) {
    return refuse(file.name, 1, "bad-header", `has no column ${missing ?? "Choice_…"}; export the file with it`);
  }
  const contests = new Contests();
  const columns: { begin: number; end: number; marks: Mark[] }[] = [];
  for (const [i, heading] of headings.entries()) {
    if (i < first || (heading === "" && i === headings.length - 1)) continue;
    const choice = choiceOf(heading);
    if (choice === undefined) {
      return refuse(
        file.name,
        1,
        "bad-header",
        `column ${i + 1}, ${quote(heading)}, is no choice; export the file again`,
      );
    }
    const known = contests.find(choice.contest);
    if (known !== undefined && known !== columns.length - 1) {
      return refuse(
        file.name,
        1,
        "bad-header",
        `the contest ${quote(choice.contest)} stands twice; export the file again`,
      );
    }
    const contest = contests.get(choice.contest) ?? contests.add(choice.contest, choice.contest, choice.voteFor);
    if (known === undefined) columns.push({ begin: i, end: i, marks: [] });
    contest.isRanked ||= choice.isRanked;
    const last = columns.at(-1) as (typeof columns)[number];
    last.marks.push({ candidate: contest.candidate(choice.id, choice.name), rank: choice.rank });
    last.end = i + 1;
  }
  const finished = contests.finish();
  if (!finished.ok) return refuse(file.name, 1, finished.fault.code, finished.fault.message);
  const at = {
    tabulator: names.indexOf("ScanComputerName"),
    batch: names.indexOf("BoxID"),
    record: names.indexOf("BoxPosition"),
    imprint: names.indexOf("BallotID"),
    style: names.indexOf("BallotStyleID"),
  };
  const read = columns satisfies readonly ContestColumns[];
  const blocks: CvrReading["blocks"] = () => cardBlocks(file, 1, options, markReader(at, read));
  return ok({ format: "clearballot", election: "", contests: finished.value, blocks });
}

interface Choice {
  readonly id: string;
  readonly contest: string;
  readonly name: string;
  readonly voteFor: number;
  readonly rank: number;
  readonly isRanked: boolean;
}

function choiceOf(heading: string): Choice | undefined {
  const ranked = RANKED.exec(heading);
  if (ranked !== null) {
    const [, id = "", contest = "", rank, winners, name = ""] = ranked;
    return { id, contest, name, voteFor: Number(winners), rank: Number(rank), isRanked: true };
  }
  const [, id, contest = "", voteFor, name = ""] = PLAIN.exec(heading) ?? [];
  return id === undefined ? undefined : { id, contest, name, voteFor: Number(voteFor), rank: 1, isRanked: false };
}
