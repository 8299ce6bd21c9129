import { assert } from "@detente/basics";
import { binomial, tails } from "../test/binomial.ts";
import type { PollingPair } from "../test/minerva.ts";

/**
 * How many cards BRAVO draws on average if the report is right, by Wald's approximation (Lindeman, Stark, Yates, "BRAVO:
 * ballot-polling risk-limiting audits to verify outcomes", EVT/WOTE '12): (ln 1/α + z_w/2)/(p_w·z_w + p_l·z_l), where p_w
 * and p_l are the shares of the two among all cards, z_w = ln 2s, z_l = ln 2(1 − s) and s = p_w/(p_w + p_l). Not whole.
 */
export function bravoMeanSize(limit: number, winnerShare: number, loserShare: number): number {
  assert(
    winnerShare > loserShare && loserShare > 0 && winnerShare + loserShare <= 1,
    "shares of all cards, the winner's first",
  );
  const s = winnerShare / (winnerShare + loserShare);
  const winner = Math.log(2 * s);
  const loser = Math.log(2 * (1 - s));
  return (winner / 2 - Math.log(limit)) / (winnerShare * winner + loserShare * loser);
}

const MOST_VOTES = 2 ** 24;

/**
 * How many votes for the two a first round of Minerva or Providence needs to confirm with the given chance if the report
 * is right, exactly: with the size that is returned the chance is that at least, and with one vote less it is not. (It
 * goes up in a saw: some smaller sizes may do, too.) `undefined` where that would be more than 16 million votes.
 */
export function firstRoundVotes(pair: PollingPair, chance: number): number | undefined {
  assert(chance > 0 && chance < 1, "a chance lies between 0 and 1");
  let high = 1;
  while (chanceToConfirm(pair, high) < chance) {
    high *= 2;
    if (high > MOST_VOTES) return undefined;
  }
  let low = high >> 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (chanceToConfirm(pair, middle) < chance) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance that a first round of so many votes for the two confirms, if the report is right. */
export function chanceToConfirm({ share, limit }: PollingPair, votes: number): number {
  const tie = tails(binomial(votes, 1 / 2));
  const reported = tails(binomial(votes, share));
  let low = 0;
  let high = votes + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tie[middle] as number) <= limit * (reported[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return reported[low] as number;
}
