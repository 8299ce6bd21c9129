/** What more than half of the parties say, each with one voice. */
interface Majority<Vote> {
  /** `undefined` where no majority says the same. */
  readonly key: string | undefined;
  readonly votes: readonly Vote[];
  /** Parties that say several things at once, of which none counts. */
  readonly contradicting: readonly string[];
}

/**
 * Counts the votes of parties: of each party those of its highest rank, and none where these differ. A party has one
 * voice at most, so no two majorities exist, in whatever order the votes arrive.
 * @param keyOf what a vote is for; `undefined` for none
 */
export function majorityOf<Vote extends { readonly party: string }>(
  parties: readonly string[],
  votes: readonly Vote[],
  keyOf: (vote: Vote) => string | undefined,
  rankOf: (vote: Vote) => number = () => 0,
): Majority<Vote> {
  const contradicting: string[] = [];
  const counted: { readonly key: string; readonly vote: Vote }[] = [];
  for (const party of parties) {
    const own = votes.flatMap((vote) => {
      const key = vote.party === party ? keyOf(vote) : undefined;
      return key === undefined ? [] : [{ key, vote }];
    });
    // Not by spreading them: a party may say more than fits on the stack.
    const highest = own.reduce((most, { vote }) => Math.max(most, rankOf(vote)), Number.NEGATIVE_INFINITY);
    const last = own.filter(({ vote }) => rankOf(vote) === highest);
    const [first] = last;
    if (first === undefined) continue;
    if (last.some(({ key }) => key !== first.key)) contradicting.push(party);
    else counted.push(first);
  }
  const key = counted.find((one) => 2 * counted.filter((other) => other.key === one.key).length > parties.length)?.key;
  return { key, votes: counted.flatMap((each) => (each.key === key ? [each.vote] : [])), contradicting };
}
