import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import type { CvrContest } from "../cards.ts";
import { Contests } from "../contests.ts";
import type { ContestColumns } from "../csv/mark-columns.ts";
import { type ReadFault, refuse } from "../fault.ts";
import type { Mark } from "../votes-pool.ts";

interface DominionHeader {
  readonly election: string;
  readonly contests: readonly CvrContest[];
  readonly columns: readonly ContestColumns[];
  /** Column of each heading, such as `CvrNumber`; -1 where there is none. */
  readonly column: (heading: string) => number;
}

const VOTE_FOR = /^(.*\S)\s*\(Vote For=(\d{1,4})\)$/s;
const RANKED = /^(.*\S)\s*\(Number of positions=(\d{1,4}), Number of ranks=(\d{1,3})\)$/s;

/**
 * The four records at the head of a Dominion export: election and version; the contest of each column; its choice (in
 * a ranked contest `name(rank)`); the headings of the columns in front, then the parties of the choices.
 */
export function dominionHeader(file: string, head: readonly string[][]): Result<DominionHeader, ReadFault> {
  const [[election = ""] = [], contestRow = [], choiceRow = [], headings = []] = head;
  const first = contestRow.findIndex((text) => text !== "");
  if (head.length < 4 || first < 1) {
    return refuse(
      file,
      Math.min(2, head.length + 1),
      "bad-header",
      "names no contest; export the file with its header",
    );
  }
  const contests = new Contests();
  const columns: ContestColumns[] = [];
  for (let begin = first; begin < contestRow.length;) {
    const title = contestRow[begin] as string;
    let end = begin + 1;
    while (end < contestRow.length && contestRow[end] === title) end++;
    const known = contests.get(oneLine(title));
    if (title === "" || known !== undefined) {
      const what = title === "" ? `column ${begin + 1} has no contest` : `the contest ${quote(title)} stands twice`;
      return refuse(file, 2, "bad-header", `${what}; export the file again`);
    }
    const marks = addContest(contests, title, choiceRow.slice(begin, end));
    columns.push({ begin, end, marks });
    begin = end;
  }
  const finished = contests.finish();
  if (!finished.ok) return refuse(file, 2, finished.fault.code, finished.fault.message);
  const names = headings.slice(0, first);
  return ok({ election, contests: finished.value, columns, column: (heading) => names.indexOf(heading) });
}

function addContest(contests: Contests, title: string, choices: readonly string[]): Mark[] {
  const ranked = RANKED.exec(title);
  const [, name = title, voteFor] = ranked ?? VOTE_FOR.exec(title) ?? [];
  const contest = contests.add(oneLine(title), oneLine(name), voteFor === undefined ? undefined : Number(voteFor));
  contest.isRanked = ranked !== null;
  const seen = new Set<string>();
  return choices.map((choice) => {
    const [, person = choice, rank = "1"] = contest.isRanked ? (/^(.*)\(([1-9]\d?)\)$/s.exec(choice) ?? []) : [];
    // A contest with several seats has several columns called "Write-in".
    const candidate = oneLine(person);
    let id = candidate;
    for (let n = 2; seen.has(`${rank} ${id}`); n++) id = `${candidate} (${n})`;
    seen.add(`${rank} ${id}`);
    return { candidate: contest.candidate(id, candidate), rank: Number(rank) };
  });
}

/** Titles have line ends where the ballot has them. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
