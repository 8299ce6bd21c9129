import type { ContestContent, ContestRule, RiskTest } from "@detente/record";
import type { Cli } from "../cli.ts";
import { amount, moment, plain } from "../ui/text.ts";

/** The terms of an audit as a person must see them who is asked to accept them, or to believe its outcome. */
export function charterText(cli: Cli, charter: ContestContent): string[] {
  const { holder, auditors, boards, riskLimit, test, seed, leastStyle, malformed, contests } = charter;
  const rounds = seed.beacon.rounds.map(({ round, at }) => `${round} (${moment(at)})`).join(", else ");
  const rows = contests.map((contest) => [
    contest.id,
    contest.name,
    contest.candidates.join(", "),
    ruleText(contest.rule, contest.candidates),
    contest.bound,
    contest.rounds.join(", "),
  ]);
  return [
    `holder ${holder}; auditors ${auditors.join(", ")}; boards ${boards.join(", ")}`,
    `risk limit ${riskLimit / 1e4} %, by ${testText(test)}`,
    plain(`seed: ${amount(seed.dice, "roll")} of a ten-sided die, then ${seed.beacon.name} ${rounds}`, 2000),
    `styles on fewer than ${amount(leastStyle, "card")} are pooled; a row of the records that cannot be read ${malformed === "refuse" ? "ends their reading" : "counts as a phantom"}`,
    ...cli.table(["contest", "name", "candidates", "rule", "at most cards", "cards after each round"], rows),
  ];
}

function testText(test: RiskTest): string {
  if (test.name === "alpha") return `ALPHA, weight ${test.weight}, clearance ${test.clearance / 1e6}`;
  const { o1, o2, u1, u2 } = test.expected;
  return `COBRA, weight ${test.weight}, errors expected on ${[o1, o2, u1, u2].join(", ")} of 1,000,000 cards (o1, o2, u1, u2)`;
}

function ruleText(rule: ContestRule, candidates: readonly string[]): string {
  switch (rule.method) {
    case "plurality":
      return `${amount(rule.seats, "seat")}, ${amount(rule.marks, "mark")}`;
    case "score":
      return `${amount(rule.seats, "seat")}, points ${rule.points.join(", ")}`;
    case "super-majority":
      return `${candidates[rule.candidate] ?? "?"} with more than ${rule.numerator}/${rule.denominator}`;
    case "irv":
      return "instant run-off";
  }
}
