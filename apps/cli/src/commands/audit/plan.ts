import { NO_ARGS, command } from "../../command.ts";
import { optional, required, wholeNumber } from "../../args.ts";
import type { ReportedVotes } from "../../audit/plan-batches.ts";

export type Flags = {
  readonly votes: readonly ReportedVotes[];
  readonly winners: number;
  readonly cards?: number;
  readonly limit: number;
  readonly over: number;
  readonly manifest?: string;
  readonly tallies?: string;
  readonly minutes?: number;
  readonly boards: number;
  readonly runs: number;
  readonly seed: string;
};

/** As many as a manifest may have. */
const MOST_CARDS = 1_000_000_000;

const MOST_RUNS = 100_000;

export const planCommand = command<Flags, []>({
  brief: "Say how many cards each kind of audit would take",
  about:
    "Comparison of cards by betting (COBRA) and by Kaplan-Markov (super-simple), polling by ALPHA, BRAVO and Minerva, " +
    "comparison of batches (MACRO) where tallies are given. Without errors and for Minerva sizes are exact, else they are " +
    "those that so many of the simulated audits did not exceed; what an audit would still take that its first round does " +
    "not end is under further. The closest pair of a winner and a loser decides. The number of cards must not come from " +
    "the voting system.",
  examples: [
    "detente audit plan --votes Ada=6000,Bob=4000 --cards 11000",
    "detente audit plan --votes Ada=6000,Bob=4000 --manifest manifest.csv --tallies tallies.csv --minutes 4 --boards 3",
  ],
  flags: {
    votes: { ...required(votesOf, "name=n", "reported votes, separated by commas"), variadic: "," },
    winners: { ...required(fromOne, "n", "how many win"), default: "1" },
    cards: optional(upTo(MOST_CARDS), "n", "cards that are drawn from (default: those of the manifest)"),
    limit: { ...required(riskLimit, "%", "risk limit"), default: "5" },
    over: {
      ...required(
        errorRate,
        "%",
        "records expected to overstate by one vote, as many to understate; a tenth each by two",
      ),
      default: "0.1",
    },
    manifest: optional(String, "file", "ballot manifest, for batches to open"),
    tallies: optional(String, "file", "votes of each batch, with a manifest"),
    minutes: optional(minutesOf, "n", "of work for each card, for a workload"),
    boards: { ...required(fromOne, "n", "boards that work side by side"), default: "1" },
    runs: { ...required(upTo(MOST_RUNS), "n", "simulated audits for each test"), default: "200" },
    seed: { ...required(String, "text", "makes simulations repeatable"), default: "detente" },
  },
  args: NO_ARGS,
  load: () => import("./plan.run.ts"),
});

function votesOf(text: string): ReportedVotes {
  const at = text.lastIndexOf("=");
  if (at < 1) throw new Error(`"${text}" is not NAME=VOTES`);
  return { name: text.slice(0, at), votes: wholeNumber(text.slice(at + 1)) };
}

function fromOne(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new Error(`"${text}" is less than 1`);
  return number;
}

function upTo(most: number): (text: string) => number {
  return (text) => {
    const number = fromOne(text);
    if (number > most) throw new Error(`"${text}" is more than ${most}`);
    return number;
  };
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (!(minutes > 0 && minutes < Number.POSITIVE_INFINITY)) throw new Error(`"${text}" is no number above 0`);
  return minutes;
}

function riskLimit(text: string): number {
  const limit = share(text);
  if (limit === 0) throw new Error("a risk limit of 0 only a count of all cards keeps");
  return limit;
}

/** Errors of all four kinds together are at most all records. */
function errorRate(text: string): number {
  const rate = share(text);
  if (rate * 2.2 > 1) throw new Error(`"${text}" is more than 45 %: with errors of all kinds more than all records`);
  return rate;
}

/** A share from a percentage. */
function share(text: string): number {
  const percent = Number(text.replace(/%$/, ""));
  if (!(percent >= 0 && percent < 100)) throw new Error(`"${text}" is no percentage from 0 to below 100`);
  return percent / 100;
}
