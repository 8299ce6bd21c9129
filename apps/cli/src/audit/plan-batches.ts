import {
  type BallotManifest,
  type BatchTallies,
  type BatchTally,
  macroBounds,
  macroSize,
  type ManifestBatch,
} from "@detente/rla";
import { Trouble } from "../trouble.ts";

export interface ReportedVotes {
  readonly name: string;
  readonly votes: number;
}

interface Reported {
  readonly votes: readonly ReportedVotes[];
  readonly winners: number;
  /** The risk limit α. */
  readonly limit: number;
}

/** What MACRO takes if every batch agrees. */
export interface BatchesPlan {
  readonly draws: number;
  /** Different batches among them on average, and the cards of these. */
  readonly different: number;
  readonly cards: number;
}

/**
 * Draws of batches in proportion to their bounds, and what they bring together on average.
 *
 * @param path of the tallies, for messages
 */
export function planBatches(
  manifest: BallotManifest,
  path: string,
  { choices, batches }: BatchTallies,
  { votes, winners, limit }: Reported,
): BatchesPlan {
  const columns = votes.map(({ name }) => choices.indexOf(name));
  const unknown = votes.find((_, i) => (columns[i] ?? -1) < 0);
  if (unknown !== undefined) throw new Trouble(path, `has no column ${unknown.name}`, "name choices as the file does");
  const batchOf = batchesBy(manifest);
  const counted = batches.map((tally) => {
    const place = `${path}:${tally.line}`;
    const batch = batchOf(tally);
    if (batch === undefined) {
      throw new Trouble(place, `the batch ${tally.batch} is not in the manifest, or not once`, "name it as there");
    }
    const own = columns.map((at) => tally.votes[at] ?? 0);
    const most = Math.max(...own);
    if (most > batch.cards) {
      throw new Trouble(
        place,
        `has ${most} votes for one choice, its manifest ${batch.cards} cards`,
        "mend one of them",
      );
    }
    return { votes: own, cards: batch.cards };
  });
  const order = votes.map((_, at) => at).sort((a, b) => (votes[b]?.votes ?? 0) - (votes[a]?.votes ?? 0));
  const pairs = order.slice(0, winners).flatMap((winner) => order.slice(winners).map((loser) => ({ winner, loser })));
  const sums = votes.map((_, at) => counted.reduce((sum, batch) => sum + (batch.votes[at] ?? 0), 0));
  const lost = pairs.find(({ winner, loser }) => (sums[winner] ?? 0) <= (sums[loser] ?? 0));
  if (lost !== undefined) {
    const [winner, loser] = [lost.winner, lost.loser].map((at) => `${votes[at]?.name} ${sums[at]}`);
    throw new Trouble(path, `adds up to ${winner}, ${loser}, which --votes has the other way`, "give all batches");
  }
  const bounds = macroBounds({ batches: counted, pairs });
  const draws = macroSize(bounds, limit);
  const chances = bounds.batches.map((bound) => 1 - (1 - bound / bounds.total) ** draws);
  const sum = (of: (at: number) => number): number => Math.round(chances.reduce((all, _, at) => all + of(at), 0));
  return {
    draws,
    different: sum((at) => chances[at] ?? 0),
    cards: sum((at) => (chances[at] ?? 0) * (counted[at]?.cards ?? 0)),
  };
}

/** The batch of a tally: by its whole name, or, where the tally names no tabulator, by its own if only one has that. */
function batchesBy({ batches }: BallotManifest): (tally: BatchTally) => ManifestBatch | undefined {
  const whole = new Map<string, ManifestBatch | undefined>();
  const alone = new Map<string, ManifestBatch | undefined>();
  for (const batch of batches) {
    whole.set(batch.batch, whole.has(batch.batch) ? undefined : batch);
    alone.set(batch.name, alone.has(batch.name) ? undefined : batch);
  }
  return ({ batch, name }) => whole.get(batch) ?? (batch === name ? alone.get(name) : undefined);
}
