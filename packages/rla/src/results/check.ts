import type { ChoiceResults, ContestResults, ResultsSnapshot } from "./snapshot.ts";

export type ResultsCode =
  | "ballots-sum"
  | "differs"
  | "missing-contest"
  | "missing-precinct"
  | "precinct-sum"
  | "too-many-votes"
  | "went-back";

/** Something in published results that cannot be so, or that nobody has explained, with the figures that show it. */
export interface ResultsFinding {
  readonly code: ResultsCode;
  readonly contest: string | undefined;
  readonly choice: string | undefined;
  readonly precinct: string | undefined;
  /** What was published. */
  readonly found: number;
  /** What it should be, or at most, or was before. */
  readonly expected: number;
  readonly message: string;
}

/** What is wrong within one snapshot: totals that are not the sum of precincts, more votes than ballots allow. */
export function checkSnapshot(snapshot: ResultsSnapshot): ResultsFinding[] {
  const { contests, turnout, ballots } = snapshot;
  const findings: ResultsFinding[] = [];
  const cast = sumsOf(turnout.map(({ precinct, ballots: count }) => [precinct, count]));
  const sum = [...cast.values()].reduce((all, count) => all + count, 0);
  if (ballots !== undefined && turnout.length > 0 && sum !== ballots) {
    const message = `ballots cast: precincts add up to ${sum}, the total says ${ballots}`;
    findings.push(finding("ballots-sum", {}, ballots, sum, message));
  }
  for (const contest of contests) {
    findings.push(
      ...sumFindings(contest),
      ...ballotFindings(contest, cast, ballots ?? (turnout.length > 0 ? sum : undefined)),
    );
  }
  return findings;
}

function sumFindings({ name, choices }: ContestResults): ResultsFinding[] {
  return choices.flatMap(({ name: choice, total, precincts }) => {
    const sum = [...precincts.values()].reduce((all, votes) => all + votes, 0);
    if (total === undefined || precincts.size === 0 || sum === total) return [];
    const message = `${name}, ${choice}: precincts add up to ${sum}, the total says ${total}`;
    return [finding("precinct-sum", { contest: name, choice }, total, sum, message)];
  });
}

/** Votes for anybody can be no more than ballots cast, times how many a voter may choose (one, if that is not said). */
function ballotFindings(
  contest: ContestResults,
  cast: ReadonlyMap<string, number>,
  ballots: number | undefined,
): ResultsFinding[] {
  const { name, voteFor, choices } = contest;
  // Without the number a contest for several seats would look wrong everywhere; each choice alone still must not.
  const perBallot = voteFor ?? 1;
  const groups: readonly (readonly ChoiceResults[])[] =
    voteFor === undefined ? choices.map((choice) => [choice]) : [choices];
  const findings: ResultsFinding[] = [];
  for (const group of groups) {
    const votes = sumsOf(group.flatMap(({ precincts }) => [...precincts]));
    const choice = voteFor === undefined ? group[0]?.name : undefined;
    const who = choice === undefined ? name : `${name}, ${choice}`;
    for (const [precinct, count] of votes) {
      const most = (cast.get(precinct) ?? Number.POSITIVE_INFINITY) * perBallot;
      if (count <= most) continue;
      const message = `${who}, ${precinct}: ${count} votes, but at most ${most} can be`;
      findings.push(finding("too-many-votes", { contest: name, choice, precinct }, count, most, message));
    }
    const total = group.reduce((all, { total: votesOf }) => all + (votesOf ?? 0), 0);
    if (ballots !== undefined && total > ballots * perBallot) {
      const message = `${who}: ${total} votes in all, but at most ${ballots * perBallot} can be`;
      findings.push(finding("too-many-votes", { contest: name, choice }, total, ballots * perBallot, message));
    }
  }
  return findings;
}

/**
 * What went back from one snapshot to a later one. Counts only grow while an election is counted, so a smaller one is a
 * correction that somebody must be able to explain. A precinct that is in no figure any more is one finding; formats
 * name precincts each in its own way, so between two of them none is missed.
 */
export function checkProgress(earlier: ResultsSnapshot, later: ResultsSnapshot): ResultsFinding[] {
  const left = precinctsOf(later);
  const isAlike = earlier.format === later.format;
  const vanished = new Set([...precinctsOf(earlier)].filter((precinct) => isAlike && !left.has(precinct)));
  const findings = Array.from(vanished, (precinct) =>
    finding("missing-precinct", { precinct }, 0, 1, `${precinct}: is in no figure of the later snapshot`),
  );
  compare(earlier, later, (place, before, after) => {
    if (after >= before || vanished.has(place.precinct ?? "")) return;
    const message = `${placeText(place)}: ${before} before, ${after} later`;
    findings.push(finding("went-back", place, after, before, message));
  });
  return [...gone(earlier, later), ...findings];
}

/** All precincts that a snapshot has a figure of. */
function precinctsOf({ contests, turnout }: ResultsSnapshot): Set<string> {
  const voted = contests.flatMap(({ choices }) => choices.flatMap(({ precincts }) => [...precincts.keys()]));
  return new Set([...voted, ...turnout.map(({ precinct }) => precinct)]);
}

/** How two copies of what should be the same snapshot differ: somebody was shown something else. */
export function checkCopies(one: ResultsSnapshot, other: ResultsSnapshot): ResultsFinding[] {
  const findings: ResultsFinding[] = [];
  compare(one, other, (place, mine, theirs) => {
    if (mine === theirs) return;
    findings.push(
      finding("differs", place, theirs, mine, `${placeText(place)}: ${mine} in one copy, ${theirs} in the other`),
    );
  });
  return [...gone(one, other), ...gone(other, one), ...findings];
}

interface Place {
  readonly contest?: string | undefined;
  readonly choice?: string | undefined;
  readonly precinct?: string | undefined;
}

/**
 * Goes through all figures that either snapshot has, with what is not there taken as none. Where they are in different
 * formats, only through those that both have: what one of them never states says nothing of the other.
 */
function compare(
  first: ResultsSnapshot,
  second: ResultsSnapshot,
  seen: (place: Place, first: number, second: number) => void,
): void {
  const isAlike = first.format === second.format;
  for (const contest of first.contests) {
    const other = sameContest(contest, first, second);
    if (other === undefined) continue;
    for (const choice of unionOf(
      contest.choices.map(({ name }) => name),
      other.choices.map(({ name }) => name),
    )) {
      const [a, b] = [contest, other].map(({ choices }) => choices.find(({ name }) => name === choice));
      const place = { contest: contest.name, choice };
      const totals = [a?.total, b?.total].filter((total) => total !== undefined).length;
      if (totals === 2 || (isAlike && totals === 1)) seen(place, a?.total ?? 0, b?.total ?? 0);
      for (const precinct of unionOf(a?.precincts.keys() ?? [], b?.precincts.keys() ?? [])) {
        const isInBoth = a?.precincts.has(precinct) === true && b?.precincts.has(precinct) === true;
        if (isAlike || isInBoth)
          seen({ ...place, precinct }, a?.precincts.get(precinct) ?? 0, b?.precincts.get(precinct) ?? 0);
      }
    }
  }
  const [mine, theirs] = [first, second].map(({ turnout }) =>
    sumsOf(turnout.map(({ precinct, ballots }) => [precinct, ballots])),
  ) as [Map<string, number>, Map<string, number>];
  for (const precinct of unionOf(mine.keys(), theirs.keys())) {
    const isInBoth = mine.has(precinct) && theirs.has(precinct);
    if (isAlike || isInBoth) seen({ precinct }, mine.get(precinct) ?? 0, theirs.get(precinct) ?? 0);
  }
  const ballots = [first.ballots, second.ballots].filter((count) => count !== undefined).length;
  if (ballots === 2 || (isAlike && ballots === 1)) seen({}, first.ballots ?? 0, second.ballots ?? 0);
}

/**
 * The contest of another snapshot that is the same: by id and name; by name alone between formats, whose ids are their
 * own, where no other of either snapshot has it.
 */
function sameContest(
  { id, name }: ContestResults,
  own: ResultsSnapshot,
  other: ResultsSnapshot,
): ContestResults | undefined {
  const named = other.contests.filter((each) => each.name === name);
  if (own.format === other.format) return named.find((each) => each.id === id);
  const isOnly = named.length === 1 && own.contests.filter((each) => each.name === name).length === 1;
  return isOnly ? named[0] : undefined;
}

function gone(first: ResultsSnapshot, second: ResultsSnapshot): ResultsFinding[] {
  return first.contests
    .filter((contest) => sameContest(contest, first, second) === undefined)
    .map(({ name }) =>
      finding("missing-contest", { contest: name }, 0, 1, `${name}: is in one snapshot and not in the other`),
    );
}

function finding(code: ResultsCode, place: Place, found: number, expected: number, message: string): ResultsFinding {
  const { contest, choice, precinct } = place;
  return { code, contest, choice, precinct, found, expected, message };
}

function placeText({ contest, choice, precinct }: Place): string {
  const what = contest === undefined ? ["ballots cast"] : [contest, choice];
  return [...what, precinct].filter((part) => part !== undefined).join(", ");
}

function sumsOf(counts: Iterable<readonly [string, number]>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

function unionOf(a: Iterable<string>, b: Iterable<string>): Set<string> {
  return new Set([...a, ...b]);
}
