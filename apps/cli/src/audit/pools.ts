import type { AuditedContest, ContestContent } from "@detente/record";
import { type BallotManifest, readTallies } from "@detente/rla";
import type { ContestPools, Pool } from "@detente/unit";
import { inputFile } from "../files.ts";
import { Trouble } from "../trouble.ts";
import { readOrTrouble } from "./read-or-trouble.ts";

/**
 * Batches of which there are no records, but votes: `CONTEST=FILE`, a file of tallies for each contest. All cards of such
 * a batch count as holding the contest, by the manifest; one that does not counts against the outcome if it is drawn.
 */
export async function poolsIn(
  charter: ContestContent,
  manifest: BallotManifest,
  named: readonly string[],
  seen: (bytes: number) => void,
): Promise<ContestPools> {
  const pools = new Map<string, readonly Pool[]>();
  for (const each of named) {
    const at = each.indexOf("=");
    const [id, path] = [each.slice(0, Math.max(0, at)), each.slice(at + 1)];
    const contest = charter.contests.find((one) => one.id === id);
    if (contest === undefined) {
      throw new Trouble(each, "names no contest of the charter", "write CONTEST=FILE, the contest by its id");
    }
    if (pools.has(id)) throw new Trouble(id, "has two files of tallies", "put them into one");
    pools.set(id, await poolsOf(contest, manifest, path, seen));
  }
  return pools;
}

async function poolsOf(
  contest: AuditedContest,
  manifest: BallotManifest,
  path: string,
  seen: (bytes: number) => void,
): Promise<readonly Pool[]> {
  const { choices, batches } = readOrTrouble(await readTallies(inputFile(path, seen)));
  const stranger = choices.find((choice) => !contest.candidates.includes(choice));
  if (stranger !== undefined) {
    const remedy = `columns are Batch Name and ${contest.candidates.join(", ")}`;
    throw new Trouble(`${path}:1`, `"${stranger}" is no candidate of ${contest.id}`, remedy);
  }
  const missing = contest.candidates.find((candidate) => !choices.includes(candidate));
  if (missing !== undefined) {
    throw new Trouble(
      `${path}:1`,
      `has no column for ${missing} of ${contest.id}`,
      "add it, with 0 where there are none",
    );
  }
  const cards = new Map(manifest.batches.map((batch) => [batch.batch, batch.cards]));
  return batches.map(({ batch, votes, line }) => {
    const recorded = cards.get(batch);
    if (recorded === undefined)
      throw new Trouble(`${path}:${line}`, `the manifest has no batch ${batch}`, "name it as there");
    const totals = contest.candidates.map((candidate) => votes[choices.indexOf(candidate)] ?? 0);
    return { batch, recorded, totals };
  });
}
