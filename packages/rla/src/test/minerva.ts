import { assert, err, type Fault, ok, type Result } from "@detente/basics";
import { binomial, convolve, tails } from "./binomial.ts";

/** A pair of candidates in a ballot-polling audit in rounds, drawn with replacement. */
export interface PollingPair {
  /** The reported share of the winner among the votes for the two: above ½, below 1. */
  readonly share: number;
  /** The risk limit α. */
  readonly limit: number;
}

/** What a round adds: votes for the two, and how many cards were drawn for that. */
export interface PollingRound {
  readonly winner: number;
  readonly loser: number;
  readonly cards: number;
}

export interface PollingRisk {
  /** The p-value after the round. */
  readonly risk: number;
  /** Whether it is at most the risk limit: the pair is confirmed. */
  readonly confirmed: boolean;
}

/**
 * Minerva (Zagórski, McClearn, Morin, McBurnett, Vora, "Minerva: an efficient risk-limiting ballot polling audit",
 * USENIX Security 2021): after each round the ratio of two tails, the chances of at least so many votes for the winner
 * in a tie and in the reported outcome, among the courses of the audit that had not stopped before.
 *
 * The proof holds only if the sizes of rounds do not depend on what the sample showed: whoever may choose the next size
 * after looking may choose one that stops a wrong outcome. So the schedule, in cards drawn, is fixed before the first
 * draw, and a round of another size is refused. Where sizes cannot be fixed, `Providence` holds for any.
 */
export class Minerva {
  readonly #pair: PollingPair;
  readonly #schedule: readonly number[];
  #round = 0;
  #winner = 0;
  #confirmed = false;
  /** Chances of each count of the winner's votes together with not having stopped, in a tie and as reported. */
  #tie: Float64Array = Float64Array.of(1);
  #reported: Float64Array = Float64Array.of(1);

  /** `schedule`: the cards that each round draws anew. */
  constructor(pair: PollingPair, schedule: readonly number[]) {
    checkPair(pair);
    this.#pair = pair;
    this.#schedule = [...schedule];
  }

  /** Takes a round and says what the risk is now. Nothing is added once the pair is confirmed. */
  add({ winner, loser, cards }: PollingRound): Result<PollingRisk, Fault<"not-as-scheduled" | "already-confirmed">> {
    if (this.#confirmed) return err("already-confirmed", "the pair is confirmed: further rounds cannot change that");
    const scheduled = this.#schedule[this.#round];
    if (cards !== scheduled) {
      return err(
        "not-as-scheduled",
        `round ${this.#round + 1} draws ${cards} cards, the schedule says ${scheduled ?? "none"}: keep to the schedule, or count by hand`,
      );
    }
    assert(winner >= 0 && loser >= 0 && winner + loser <= cards, "a card has at most one vote for the two");
    this.#round++;
    this.#winner += winner;
    const votes = winner + loser;
    this.#tie = convolve(this.#tie, binomial(votes, 1 / 2));
    this.#reported = convolve(this.#reported, binomial(votes, this.#pair.share));
    const tie = tails(this.#tie);
    const reported = tails(this.#reported);
    const risk = ratioAt(tie, reported, this.#winner);
    const least = leastToStop(tie, reported, this.#pair.limit);
    this.#confirmed = this.#winner >= least;
    this.#tie = this.#tie.slice(0, least);
    this.#reported = this.#reported.slice(0, least);
    return ok({ risk, confirmed: this.#confirmed });
  }
}

/**
 * Providence (Broadrick, Vora, Zagórski, "Providence: a flexible round-by-round risk-limiting audit", USENIX Security
 * 2023, arXiv:2210.08717): the ratio of tails for the votes of the last round alone, times BRAVO's ratio for all rounds
 * before. It holds for rounds of any size, also if somebody who has seen the sample chooses it to confirm a wrong outcome.
 */
export class Providence {
  readonly #pair: PollingPair;
  /** ln of BRAVO's ratio, tie to reported, for the rounds before. */
  #log = 0;
  #confirmed = false;

  constructor(pair: PollingPair) {
    checkPair(pair);
    this.#pair = pair;
  }

  /** Takes a round of any size and says what the risk is now. */
  add({ winner, loser }: Omit<PollingRound, "cards">): Result<PollingRisk, Fault<"already-confirmed">> {
    if (this.#confirmed) return err("already-confirmed", "the pair is confirmed: further rounds cannot change that");
    const { share, limit } = this.#pair;
    const votes = winner + loser;
    const ratio = ratioAt(tails(binomial(votes, 1 / 2)), tails(binomial(votes, share)), winner);
    const risk = Math.min(1, Math.exp(this.#log) * ratio);
    this.#log -= winner * Math.log(2 * share) + loser * Math.log(2 * (1 - share));
    this.#confirmed = risk <= limit;
    return ok({ risk, confirmed: this.#confirmed });
  }
}

/** The fewest votes for the winner that stop: the ratio falls with them (Zagórski et al. 2021), so every larger count stops too. */
function leastToStop(tie: Float64Array, reported: Float64Array, limit: number): number {
  let least = tie.length - 1;
  while (least > 0 && (reported[least - 1] === 0 || ratioAt(tie, reported, least - 1) <= limit)) least--;
  return least;
}

/** Where chances are too small for a number, the ratio at the next smaller count: more than the true one. */
function ratioAt(tie: Float64Array, reported: Float64Array, count: number): number {
  let at = count;
  while (at > 0 && !((reported[at] ?? 0) > 0)) at--;
  return Math.min(1, (tie[at] as number) / (reported[at] as number));
}

function checkPair({ share, limit }: PollingPair): void {
  assert(share > 1 / 2 && share < 1, "the winner was reported with more than half of the votes, and fewer than all");
  assert(limit > 0 && limit < 1, "a risk limit lies between 0 and 1");
}
