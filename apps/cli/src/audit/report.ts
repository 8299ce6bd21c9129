import { toHex } from "@detente/basics";
import type { ContestProgress, ContestRecord, ContestState } from "@detente/unit";
import type { Cli } from "../cli.ts";
import { amount, plain, short } from "../ui/text.ts";
import { charterText } from "./charter-text.ts";
import { NOT_SHOWN } from "./limits-of-software.ts";

/** An audit for programs: what `status` and `verify` say of it. */
export function auditJson(record: ContestRecord, { seed, contests, faults }: ContestState): object {
  return {
    audit: record.hash,
    title: record.charter.title,
    charter: record.charter,
    seed: {
      lacking: seed.lacking,
      records: seed.records?.hash ?? null,
      sealed: seed.sealed,
      shown: seed.shown,
      attempt: seed.closed?.attempt ?? null,
      contributions: seed.closed?.shares.map(({ party }) => party) ?? [],
      chance: seed.chance ?? null,
      seed: seed.seed === undefined ? null : toHex(seed.seed),
    },
    contests: contests.map(({ contest, verdict, winners, round, drawn, now, closed, lacking, auditable }) => ({
      id: contest.id,
      verdict,
      winners: (winners ?? auditable?.committed.winners ?? []).map((winner) => contest.candidates[winner] ?? "?"),
      cards: auditable?.cards.length ?? null,
      phantoms: auditable?.phantoms ?? null,
      round,
      drawn: drawn.length,
      risk: now?.risk ?? null,
      overstatements: now?.overstatements ?? [],
      closed: closed.map(({ round: number, by, assessment }) => ({ round: number, by, risk: assessment.risk })),
      lacking,
    })),
    faults,
    notShown: NOT_SHOWN,
  };
}

/** The same for people. */
export function auditText(cli: Cli, record: ContestRecord, { seed, contests, faults }: ContestState): string[] {
  const { bad, faint, strong } = cli.palette;
  const rows = contests.map((each) => [
    each.contest.id,
    each.verdict,
    (each.winners ?? each.auditable?.committed.winners ?? [])
      .map((winner) => each.contest.candidates[winner] ?? "?")
      .join(", "),
    each.drawn.length === 0 ? "" : `${each.round} of ${each.contest.rounds.length}`,
    each.drawn.length,
    riskText(each),
  ]);
  const waits = contests.flatMap(({ contest, lacking }) =>
    lacking.map(
      ({ party, what, cards }) =>
        `${contest.id}: ${party} owes the ${what} of ${amount(cards, "card")}; until then they count as the worst`,
    ),
  );
  return [
    `${strong(plain(record.charter.title))} (${short(record.hash)})`,
    ...charterText(cli, record.charter),
    "",
    ...(seed.lacking.length === 0 ? [] : [`not accepted yet by ${seed.lacking.join(", ")}`]),
    seedLine(seed),
    "",
    ...cli.table(["contest", "state", "reported", "round", "cards", "risk"], rows),
    ...waits.map((line) => plain(line, 300)),
    ...faults.map(({ party, message }) => bad(plain(`fault: ${party} ${message}`, 400))),
    "",
    faint("No software can show"),
    ...NOT_SHOWN.map((line) => faint(`  ${line}`)),
  ];
}

function seedLine({ sealed, shown, closed, seed }: ContestState["seed"]): string {
  if (seed !== undefined) return `seed ${toHex(seed)}`;
  if (closed !== undefined) return `contributions closed, attempt ${closed.attempt}: dice and beacon are to be said`;
  return `no seed yet: sealed by ${sealed.join(", ") || "nobody"}, shown by ${shown.join(", ") || "nobody"}`;
}

function riskText({ now, closed, verdict, round }: ContestProgress): string {
  // Of the round that confirmed it: auditors may have closed others since.
  const confirming = closed.find((each) => each.round === round);
  const risk = verdict === "confirmed" ? confirming?.assessment.risk : now?.risk;
  return risk === undefined ? "" : `${(risk * 100).toPrecision(3)} %`;
}
