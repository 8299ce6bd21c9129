import { toHex } from "@detente/basics";
import {
  type BundleReport,
  cardKey,
  closingQuorum,
  closingTime,
  type ContestProgress,
  type ContestRecord,
  type ContestState,
  evidenceOf,
  sayings,
} from "@detente/unit";
import { amount, moment, short } from "../ui/text.ts";

/** One step of an audit, recomputed. */
export interface Step {
  readonly step: "record" | "charter" | "records" | "seed" | "beacon" | "files" | "draw" | "cards" | "risk";
  readonly contest?: string;
  readonly holds: boolean;
  readonly text: string;
}

/** The record that the audit stands on. */
export function recordStep({ problems, logs }: BundleReport): Step {
  const [first] = problems;
  const text =
    first?.message ?? `${amount(logs.length, "log")}, each signed over exactly its entries, folded with all bodies`;
  return { step: "record", holds: first === undefined, text };
}

/** Each step of an audit in its order: what holds by recomputing it, and which does not. */
export function auditSteps(report: BundleReport, record: ContestRecord, state: ContestState): Step[] {
  return [
    ...seedSteps(report, record, state),
    ...state.contests.flatMap((contest) => contestSteps(record, state, contest)),
  ];
}

function seedSteps(report: BundleReport, record: ContestRecord, { seed }: ContestState): Step[] {
  const { auditors, holder } = record.charter;
  const { lacking, records, closed, chance } = seed;
  const steps: Step[] = [
    {
      step: "charter",
      holds: lacking.length === 0,
      text: lacking.length === 0 ? `accepted by all that it names` : `not accepted by ${lacking.join(", ")}`,
    },
    {
      step: "records",
      holds: records !== undefined,
      text:
        records === undefined
          ? `no records of ${holder} that a majority of the auditors sealed for`
          : `${short(records.hash)} by ${holder}, witnessed before a majority of the auditors sealed anything for the seed`,
    },
  ];
  const names = closed?.shares.map(({ party }) => party) ?? [];
  const without = auditors.filter((party) => !names.includes(party));
  const left = without.length === 0 ? "" : `; without ${without.join(", ")}, who withheld`;
  steps.push({
    step: "seed",
    holds: seed.seed !== undefined && chance !== undefined,
    text:
      seed.seed === undefined
        ? "no contributions, or no dice and beacon, that a majority of the auditors states alike"
        : `${toHex(seed.seed)}: all of ${names.join(", ")} sealed before any was shown, shown before a majority closed${left}`,
  });
  if (closed === undefined) return steps;
  const round = record.charter.seed.beacon.rounds[closed.attempt - 1];
  const closings = sayings(record, "observe/seed-closing", auditors).filter(({ hash }) =>
    closed.closings.includes(hash),
  );
  const times = closings.map(({ log, index }) => report.fold.effectiveAt(log, index) ?? Number.POSITIVE_INFINITY);
  const quorum = closingQuorum(auditors, closed.attempt);
  const latest = times.sort((a, b) => a - b)[quorum - 1] ?? Number.POSITIVE_INFINITY;
  const out = closingTime(record.charter, closed.attempt);
  const isEarly = latest < out;
  const name = `${record.charter.seed.beacon.name} ${round?.round ?? "?"}`;
  steps.push({
    step: "beacon",
    holds: isEarly,
    text: `${quorum} of ${auditors.length} had closed by ${moment(latest)}, by its witnesses' clocks, ${isEarly ? "before" : "NOT before"} ${name} came out at ${moment(out)}; attempt ${closed.attempt}`,
  });
  return steps;
}

function contestSteps(record: ContestRecord, { seed, faults }: ContestState, progress: ContestProgress): Step[] {
  const { contest, auditable, drawn, closed, verdict, round } = progress;
  const of = { contest: contest.id };
  if (auditable === undefined) {
    const fault = faults.find(({ code, message }) => code === "bad-files" && message.includes(`contest ${contest.id}`));
    const text =
      fault === undefined
        ? "the public files that were committed are not in the bundle"
        : `${fault.party} ${fault.message}`;
    return [{ step: "files", ...of, holds: false, text }, ...outcome(record, progress)];
  }
  const { committed, phantoms, claims } = auditable;
  const steps: Step[] = [
    {
      step: "files",
      ...of,
      holds: true,
      text: `${amount(committed.recorded, "card")} recorded and ${amount(phantoms, "phantom")} up to the bound; the list adds up to ${committed.totals.join(", ")}, and ${amount(claims.length, "claim")} make the reported winners win`,
    },
  ];
  if (seed.seed === undefined) return steps;
  const evidence = evidenceOf(record, seed, contest.id);
  const named = drawn.flatMap(({ card }) => (card === undefined ? [] : [card]));
  const cards = named.map(cardKey);
  // Of a pool there is nothing to open.
  const toOpen = named.filter(([batch]) => !auditable.pools.has(batch)).map(cardKey);
  const agreed = cards.filter((key) => evidence.found.get(key) !== undefined).length;
  const open = toOpen.filter((key) => evidence.opened.has(key)).length;
  const bad = evidence.faults.length;
  steps.push(
    {
      step: "draw",
      ...of,
      holds: true,
      text: `round ${round}: ${amount(cards.length, "card")} and ${amount(drawn.length - cards.length, "phantom")} with the smallest tickets`,
    },
    {
      step: "cards",
      ...of,
      holds: bad === 0 && agreed === cards.length && open === toOpen.length,
      text: `${agreed} of ${cards.length} read blind and alike by both boards, ${open} of ${toOpen.length} opened as they were committed${bad === 0 ? "" : `; ${amount(bad, "fault")}`}; what is lacking counts as the worst`,
    },
  );
  const last = closed.at(-1);
  const text =
    last === undefined
      ? "no round that a majority of the auditors closed with numbers that its evidence gives"
      : `round ${last.round} closed by ${last.by.join(", ")}: ${(last.assessment.risk * 100).toPrecision(3)} %, the limit is ${record.charter.riskLimit / 1e4} %`;
  return [
    ...steps,
    { step: "risk", ...of, holds: verdict === "confirmed" || (verdict === "counted" && last !== undefined), text },
    ...outcome(record, progress),
  ];
}

function outcome(record: ContestRecord, { contest, verdict, winners }: ContestProgress): Step[] {
  if (verdict !== "counted" || winners === undefined) return [];
  const names = winners.map((winner) => contest.candidates[winner] ?? "?").join(", ");
  const text = `both boards, ${record.charter.boards.join(" and ")}, counted all cards by hand: ${names}`;
  return [{ step: "risk", contest: contest.id, holds: true, text }];
}
