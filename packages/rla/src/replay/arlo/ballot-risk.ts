import { Minerva, Providence } from "../../test/minerva.ts";
import { USUAL_GAMMA } from "../../test/super-simple.ts";
import { checked, type ReplayLine, unchecked } from "../lines.ts";
import { ballotError } from "./ballot-errors.ts";
import { outcomeOf } from "./macro.ts";
import type { ArloContest, ArloReport, ArloRound } from "./report.ts";
import { riskText } from "./risk-text.ts";

interface Risk {
  readonly rule: string;
  readonly risk: number;
}

/** The risk after each round that is over, of a sample of ballots. */
export function ballotRisks(report: ArloReport, contest: ArloContest): ReplayLine[] {
  const rounds = report.rounds.filter((round) => round.contest === contest.name && round.risk !== "");
  return rounds.map((round, i) => {
    const published = `${round.risk}, ${round.isMet ? "met" : "not met"}`;
    const what = `round ${round.number}`;
    const line = { step: "risk", contest: contest.name, file: report.file, line: round.line, what, published } as const;
    const isPolling = /polling/i.test(report.type);
    const risks = isPolling
      ? pollingRisk(report, contest, rounds.slice(0, i + 1))
      : comparisonRisks(report, contest, round);
    if (typeof risks === "string") return unchecked(line, risks);
    const texts = risks.map(({ rule, risk }) => {
      return { rule, text: `${riskText(risk)}, ${100 * risk <= report.limit ? "met" : "not met"}` };
    });
    const agreeing = texts.find(({ text }) => text === published) ?? texts[0];
    return checked(line, agreeing?.text ?? "", agreeing?.rule);
  });
}

/** More than any sample of ballots had. */
const MOST_VOTES = 1_000_000;

/** The largest risk of all pairs of a winner and a loser. Ballots that were not found are votes for every loser. */
function pollingRisk(report: ArloReport, contest: ArloContest, rounds: readonly ArloRound[]): Risk[] | string {
  if (rounds.some(({ votes }) => votes === undefined)) return "the report has no votes of a round";
  const names = [...contest.votes.keys()];
  const counts = [...contest.votes.values()];
  const { winners, losers } = outcomeOf(contest);
  const votesOf = ({ votes, notFound = 0 }: ArloRound, at: number): number =>
    (votes?.get(names[at] ?? "") ?? 0) + (losers.includes(at) ? notFound : 0);
  const all = rounds.reduce((sum, round) => sum + names.reduce((own, _, at) => own + votesOf(round, at), 0), 0);
  if (all >= contest.ballots) return [{ rule: "a full count", risk: 0 }];
  const rule = mathOf(report);
  // Minerva and Providence go through all counts that a round may have.
  if (rule !== "BRAVO" && rounds.some((round) => names.some((_, at) => votesOf(round, at) > MOST_VOTES))) {
    return `a choice has more than ${MOST_VOTES} votes in a round`;
  }
  const risks: number[] = [];
  for (const winner of winners) {
    for (const loser of losers) {
      const both = (counts[winner] ?? 0) + (counts[loser] ?? 0);
      const share = both === 0 ? 1 / 2 : (counts[winner] ?? 0) / both;
      const found = rounds.map((round) => ({ winner: votesOf(round, winner), loser: votesOf(round, loser) }));
      risks.push(pairRisk(report, share, found));
    }
  }
  return [{ rule, risk: Math.max(...risks, 0) }];
}

function mathOf({ math }: ArloReport): "BRAVO" | "MINERVA" | "PROVIDENCE" {
  const known = (["MINERVA", "PROVIDENCE"] as const).find((name) => math.toUpperCase() === name);
  return known ?? "BRAVO";
}

function pairRisk(report: ArloReport, share: number, rounds: readonly { winner: number; loser: number }[]): number {
  const rule = mathOf(report);
  if (rule === "BRAVO" || share >= 1 || share <= 1 / 2) {
    const log = rounds.reduce((sum, { winner, loser }) => {
      return sum + winner * Math.log(2 * share) + (loser === 0 ? 0 : loser * Math.log(2 * (1 - share)));
    }, 0);
    return Math.min(1, Math.exp(-log));
  }
  const pair = { share, limit: report.limit / 100 };
  // A round is the votes for the two: others say nothing about them.
  const schedule = rounds.map(({ winner, loser }) => winner + loser);
  const test = rule === "MINERVA" ? new Minerva(pair, schedule) : new Providence(pair);
  let risk = 1;
  for (const { winner, loser } of rounds) {
    const added = test.add({ winner, loser, cards: winner + loser });
    if (!added.ok) break;
    ({ risk } = added.value);
  }
  return risk;
}

/**
 * Super-simple as Arlo computes it: each draw multiplies by (1 − 1/U)/(1 − e·V/2γ), with e the relative overstatement of
 * the worst pair and V the smallest margin. Understatements are left out, in the first versions they were counted; as
 * many draws as there are ballots are taken for a full count, at first they were not.
 */
function comparisonRisks(report: ArloReport, contest: ArloContest, round: ArloRound): Risk[] | string {
  const counts = [...contest.votes.values()];
  const { winners, losers } = outcomeOf(contest);
  // Both are in the order of their votes: the closest pair is the last winner and the first loser.
  const [last, first] = [counts[winners.at(-1) ?? -1], counts[losers[0] ?? -1]];
  const margin = last === undefined || first === undefined ? contest.ballots : Math.min(last - first, contest.ballots);
  let draws = 0;
  const logs = { over: 0, both: 0 };
  for (const row of report.sampled) {
    const isUpTo = ({ tickets }: { readonly tickets: ReadonlyMap<number, readonly string[]> }): number =>
      [...tickets].reduce((sum, [number, listed]) => sum + (number <= round.number ? listed.length : 0), 0);
    const own = row.contests.get(contest.name);
    const times = contest.isTargeted
      ? own === undefined
        ? 0
        : isUpTo(own)
      : Number([...row.contests.values()].some((each) => isUpTo(each) > 0));
    if (times === 0) continue;
    const error = ballotError(contest, row);
    if (typeof error === "string") return `${row.batch}, ${row.position ?? ""}: ${error}`;
    draws += times;
    if (error === undefined) continue;
    const log = -Math.log1p((-error.votes * margin) / (2 * USUAL_GAMMA * error.margin));
    logs.both += times * log;
    if (error.votes > 0) logs.over += times * log;
  }
  const clean = draws * Math.log1p(-margin / contest.ballots / (2 * USUAL_GAMMA));
  const risk = (found: number): number => Math.min(1, Math.exp(clean + found));
  const measured = [
    { rule: "understatements left out", risk: risk(logs.over) },
    { rule: "understatements counted", risk: risk(logs.both) },
  ];
  return draws >= contest.ballots ? [{ rule: "a full count", risk: 0 }, ...measured] : measured;
}
