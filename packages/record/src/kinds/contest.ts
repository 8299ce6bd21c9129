import { Type } from "typebox";
import { areDistinct, closed, integer, line, partyName, time } from "../forms.ts";
import { MAX_ITEMS } from "../limits.ts";
import { type Shape, shape } from "../shape.ts";

/** How votes become winners. Candidates are numbered in the order of the contest. */
export type ContestRule =
  /** The `seats` candidates with the most votes; a card that marks more than `marks` counts for none. */
  | { readonly method: "plurality"; readonly seats: number; readonly marks: number }
  /** `points[0]` are what a first rank earns. */
  | { readonly method: "score"; readonly seats: number; readonly points: readonly number[] }
  /** `candidate` wins with more than the share `numerator`/`denominator` of the valid votes; else nobody does. */
  | {
      readonly method: "super-majority";
      readonly candidate: number;
      readonly numerator: number;
      readonly denominator: number;
    }
  | { readonly method: "irv" };

/** How the risk is measured; both stay valid whenever one looks. Shares are millionths of cards. */
export type RiskTest =
  /** Bets that are best if records err as often as expected (Spertus, COBRA, arXiv:2304.01010). */
  | {
      readonly name: "cobra";
      readonly expected: { readonly o1: number; readonly o2: number; readonly u1: number; readonly u2: number };
      /** How many draws the expectation weighs. */
      readonly weight: number;
    }
  /** ALPHA's truncated shrinkage (Stark, arXiv:2201.02707). */
  | { readonly name: "alpha"; readonly weight: number; readonly clearance: number };

/** One contest of an audit. */
export interface AuditedContest {
  readonly id: string;
  readonly name: string;
  readonly candidates: readonly string[];
  readonly rule: ContestRule;
  /** N_c: no more cards than these hold the contest. It must not come from the voting system. */
  readonly bound: number;
  /** How many cards of the contest, in all, have been looked at when each round ends; after the last: all, by hand. */
  readonly rounds: readonly number[];
}

/** The charter of an audit: all that must be settled before anything is known. */
export interface ContestContent {
  readonly title: string;
  /** The party that holds paper and records. */
  readonly holder: string;
  /** Parties that make the seed and close the rounds; more than half of them carry a step. */
  readonly auditors: readonly string[];
  /** The two parties whose boards read ballots, each by itself. */
  readonly boards: readonly string[];
  /** α in millionths. */
  readonly riskLimit: number;
  readonly test: RiskTest;
  readonly seed: {
    /** Rolls of a ten-sided die, in public, after the contributions are closed. */
    readonly dice: number;
    readonly beacon: {
      readonly name: string;
      /** One for each attempt, in order; `at`: when the round's value comes out, milliseconds since 1970. */
      readonly rounds: readonly { readonly round: number; readonly at: number }[];
    };
  };
  /** Styles on fewer cards than this are pooled and not published card by card. */
  readonly leastStyle: number;
  /** What becomes of a row of the records that cannot be read. */
  readonly malformed: "refuse" | "phantom";
  readonly contests: readonly AuditedContest[];
}

export interface ContestContents {
  readonly "open/contest": ContestContent;
}

export const MAX_CANDIDATES = 256;
export const MAX_CONTESTS = 32;
const MILLION = 1_000_000;

/** The references of a statement hold the charter, the records and one statement of each auditor. */
const MAX_AUDITORS = 32;

const rate = integer(1, MILLION);
const seats = integer(1, MAX_CANDIDATES);

const rule = Type.Union([
  closed({ method: Type.Literal("plurality"), seats, marks: integer(1, MAX_CANDIDATES) }),
  closed({
    method: Type.Literal("score"),
    seats,
    points: Type.Array(integer(0, 1000), { minItems: 1, maxItems: MAX_CANDIDATES }),
  }),
  closed({
    method: Type.Literal("super-majority"),
    candidate: integer(0, MAX_CANDIDATES - 1),
    numerator: integer(1, 1000),
    denominator: integer(2, 1000),
  }),
  closed({ method: Type.Literal("irv") }),
]);

const test = Type.Union([
  closed({
    name: Type.Literal("cobra"),
    expected: closed({ o1: rate, o2: rate, u1: rate, u2: rate }),
    weight: integer(1, MILLION),
  }),
  closed({ name: Type.Literal("alpha"), weight: integer(1, MILLION), clearance: integer(0, MILLION) }),
]);

const contest = closed({
  id: line(100),
  name: line(500),
  candidates: Type.Array(line(500), { minItems: 1, maxItems: MAX_CANDIDATES }),
  rule,
  bound: integer(1, MAX_ITEMS),
  rounds: Type.Array(integer(1, MAX_ITEMS), { minItems: 1, maxItems: 16 }),
});

export const contestShapes: { readonly [Name in keyof ContestContents]: Shape<ContestContents[Name]> } = {
  "open/contest": shape<ContestContent>(charterFlaw)(
    closed({
      title: line(200),
      holder: partyName,
      auditors: Type.Array(partyName, { minItems: 2, maxItems: MAX_AUDITORS }),
      boards: Type.Array(partyName, { minItems: 2, maxItems: 2 }),
      riskLimit: integer(1, MILLION / 2),
      test,
      seed: closed({
        dice: integer(0, 100),
        beacon: closed({
          name: line(100),
          rounds: Type.Array(closed({ round: integer(0), at: time }), { minItems: 1, maxItems: 16 }),
        }),
      }),
      leastStyle: integer(1, MAX_ITEMS),
      malformed: Type.Enum(["refuse", "phantom"]),
      contests: Type.Array(contest, { minItems: 1, maxItems: MAX_CONTESTS }),
    }),
  ),
};

function charterFlaw(
  { auditors, boards, seed, test: chosen, contests }: ContestContent,
  place: string,
): string | undefined {
  if (!isAscending(auditors)) return `${place}.auditors: expected names in ascending order, each once`;
  if (!isAscending(boards)) return `${place}.boards: expected two parties in ascending order`;
  const { rounds } = seed.beacon;
  if (
    rounds.some(({ round, at }, i) => i > 0 && (round <= (rounds[i - 1]?.round ?? 0) || at <= (rounds[i - 1]?.at ?? 0)))
  ) {
    return `${place}.seed.beacon.rounds: must rise`;
  }
  if (chosen.name === "cobra") {
    const { o1, o2, u1, u2 } = chosen.expected;
    if (o1 + o2 + u1 + u2 >= MILLION) return `${place}.test.expected: are shares of all cards`;
  }
  if (!areDistinct(contests.map(({ id }) => id))) return `${place}.contests: names one twice`;
  for (const [i, each] of contests.entries()) {
    const flaw = contestFlaw(each, chosen);
    if (flaw !== undefined) return `${place}.contests[${i}].${flaw}`;
  }
  return undefined;
}

function contestFlaw(
  { candidates, rule: chosen, bound, rounds }: AuditedContest,
  { name }: RiskTest,
): string | undefined {
  if (!areDistinct(candidates)) return "candidates: names one twice";
  if (rounds.some((count, i) => count > bound || (i > 0 && count <= (rounds[i - 1] as number)))) {
    return "rounds: must rise, up to the bound at most";
  }
  if (chosen.method === "super-majority") {
    if (chosen.numerator >= chosen.denominator) return "rule: a share is below 1";
    if (chosen.candidate >= candidates.length) return "rule.candidate: there is no such candidate";
  } else if (chosen.method !== "irv" && chosen.seats >= candidates.length) {
    return "rule.seats: somebody has to lose, or there is nothing to audit";
  }
  if (chosen.method === "score" && chosen.points.every((points) => points === 0)) return "rule.points: earn nothing";
  // COBRA's model knows overstatements of half and whole votes only.
  if (name === "cobra" && (chosen.method === "super-majority" || chosen.method === "score")) {
    return "rule: is measured by the test alpha";
  }
  return undefined;
}

function isAscending(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || (names[i - 1] as string) < name);
}
