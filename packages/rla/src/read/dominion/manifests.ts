import { ok, type Result } from "@detente/basics";
import { quote } from "@detente/intel/text";
import { Contests } from "../contests.ts";
import { type ReadFault, refuse } from "../fault.ts";
import { baseName, type FileEntry, type FileSet } from "../file-set.ts";
import { readJson } from "../json/read-json.ts";
import { countAt, textAt } from "../json/shape.ts";

export interface DominionContests {
  readonly contests: Contests;
  /** By contest; 0 where the contest is not ranked. */
  readonly ranks: readonly number[];
}

/**
 * The contests of a Democracy Suite export as JSON: `ContestManifest.json` and `CandidateManifest.json`, each a `List`.
 */
export async function dominionContests(files: FileSet, name: string): Promise<Result<DominionContests, ReadFault>> {
  const lists = new Map<"contest" | "candidate", { readonly file: string; readonly list: readonly Listed[] }>();
  for await (const entry of files()) {
    if (!entry.ok) return entry;
    const [, kind] = /^(contest|candidate)manifest.*\.json$/i.exec(baseName(entry.value.name)) ?? [];
    if (kind === undefined) continue;
    const list = await listOf(entry.value);
    if (!list.ok) return list;
    lists.set(kind.toLowerCase() as "contest" | "candidate", { file: entry.value.name, list: list.value });
  }
  const [contestList, candidateList] = [lists.get("contest"), lists.get("candidate")];
  if (contestList === undefined || candidateList === undefined) {
    const missing = contestList === undefined ? "ContestManifest.json" : "CandidateManifest.json";
    return refuse(name, 1, "missing-file", `without ${missing} nobody knows the contests; give it along`);
  }
  const contests = new Contests();
  const ranks: number[] = [];
  for (const { value, line } of contestList.list) {
    const [id, title] = [textAt(value, "Id"), textAt(value, "Description")];
    if (id === "" || contests.get(id) !== undefined) {
      return refuse(contestList.file, line, "bad-header", `the contest ${quote(title)} has no id of its own`);
    }
    const contest = contests.add(id, title, countAt(value, "VoteFor"));
    const rankCount = Math.min(255, countAt(value, "NumOfRanks") ?? 0);
    contest.isRanked = rankCount > 0;
    ranks.push(rankCount);
  }
  for (const { value, line } of candidateList.list) {
    const [id, title] = [textAt(value, "Id"), textAt(value, "Description")];
    const contest = contests.get(textAt(value, "ContestId"));
    if (id === "" || contest === undefined || contest.find(id) !== undefined) {
      const what = contest === undefined ? "belongs to no contest of ContestManifest.json" : "has no id of its own";
      return refuse(candidateList.file, line, "bad-header", `the candidate ${quote(title)} ${what}`);
    }
    contest.candidate(id, title, /writein/i.test(textAt(value, "Type")) || undefined);
  }
  return ok({ contests, ranks });
}

interface Listed {
  readonly value: unknown;
  readonly line: number;
}

async function listOf({ name, chunks }: FileEntry): Promise<Result<Listed[], ReadFault>> {
  const list: Listed[] = [];
  for await (const part of readJson(name, chunks())) {
    if (!part.ok) return part;
    const { key, isElement, values, lines } = part.value;
    if (key !== "List" || !isElement) continue;
    values.forEach((value, i) => list.push({ value, line: lines[i] as number }));
  }
  return ok(list);
}
