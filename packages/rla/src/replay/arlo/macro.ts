import { type Decimal, decimal } from "../../draw/decimal.ts";
import type { ArloContest } from "./report.ts";

/** Candidates that are claimed to have more votes together than others: one and one, or one and all others. */
interface Claim {
  readonly more: readonly number[];
  readonly fewer: readonly number[];
  /** Of the reported votes, less what might still be counted for the others. */
  readonly margin: number;
}

/** Votes by choice, and cards. */
export interface CountedBatch {
  readonly votes: readonly number[];
  readonly cards: number;
}

const ZERO = decimal.of(0);
const ONE = decimal.of(1);

/**
 * MACRO as Arlo computes it (server/audit_math/macro.py): one contest, decimal numbers of 28 digits, errors for the
 * winner counted as none. Ballots that are pending or in no batch are taken from the margin, as votes for the others.
 */
export class ArloMacro {
  readonly #claims: readonly Claim[];

  /** @param uncounted ballots of the contest that are pending or stand in no batch */
  constructor(contest: ArloContest, uncounted: number) {
    const votes = [...contest.votes.values()];
    const { winners, losers } = outcomeOf(contest);
    const sum = (of: readonly number[]): number => of.reduce((all, at) => all + (votes[at] ?? 0), 0);
    const claim = (more: readonly number[], fewer: readonly number[]): Claim => ({
      more,
      fewer,
      margin: sum(more) - sum(fewer) - uncounted,
    });
    const pairs = winners.flatMap((winner) => losers.map((loser) => claim([winner], [loser])));
    const shares = !contest.isRunoff
      ? []
      : winners.map((winner) => {
          const others = votes.map((_, at) => at).filter((at) => at !== winner);
          return sum([winner]) > sum(others) ? claim([winner], others) : claim(others, [winner]);
        });
    this.#claims = [...pairs, ...shares];
  }

  /** u_p; undefined where a margin is 0, so that nothing bounds the error. */
  bound({ votes, cards }: CountedBatch): Decimal | undefined {
    let most = ZERO;
    for (const claim of this.#claims) {
      if (claim.margin === 0) return undefined;
      const bound = decimal.divide(decimal.of(leadOf(claim, votes) + cards), decimal.of(claim.margin));
      if (decimal.compare(bound, most) > 0) most = bound;
    }
    return most;
  }

  /**
   * The error of a batch: in votes of the claim that it hurts most, and relative to its margin (undefined: no margin is
   * left). Undefined where no claim has one.
   */
  error(
    reported: readonly number[],
    found: readonly number[],
  ): { votes: number; share: Decimal | undefined } | undefined {
    let worst: { votes: number; share: Decimal | undefined } | undefined;
    for (const claim of this.#claims) {
      const votes = leadOf(claim, reported) - leadOf(claim, found);
      if (votes === 0) continue;
      const share = claim.margin > 0 ? decimal.divide(decimal.of(votes), decimal.of(claim.margin)) : undefined;
      const isWorse =
        worst === undefined ||
        (worst.share !== undefined && (share === undefined || decimal.compare(share, worst.share) > 0));
      if (isWorse) worst = { votes, share };
    }
    return worst;
  }

  /** What a draw multiplies the risk with; undefined where the batch is all error or nothing bounds it. */
  factor(total: Decimal, bound: Decimal, error: ReturnType<ArloMacro["error"]>): Decimal | undefined {
    const clean = decimal.subtract(ONE, decimal.divide(ONE, total));
    if (error === undefined || error.votes <= 0) return decimal.divide(clean, ONE);
    if (error.share === undefined || bound.coefficient === 0n) return undefined;
    const left = decimal.subtract(ONE, decimal.divide(error.share, bound));
    return left.coefficient === 0n ? undefined : decimal.divide(clean, left);
  }
}

function leadOf({ more, fewer }: Claim, votes: readonly number[]): number {
  const sum = (of: readonly number[]): number => of.reduce((all, at) => all + (votes[at] ?? 0), 0);
  return sum(more) - sum(fewer);
}

/** Winners and losers by votes; of equal ones those listed first win. Without a majority, two go into a runoff. */
export function outcomeOf({ votes, winners, isRunoff }: ArloContest): { winners: number[]; losers: number[] } {
  const counts = [...votes.values()];
  const order = counts.map((_, at) => at).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  const hasMajority = 2 * Math.max(...counts) > all;
  const seats = isRunoff && !hasMajority ? 2 : winners;
  return { winners: order.slice(0, seats), losers: order.slice(seats) };
}
