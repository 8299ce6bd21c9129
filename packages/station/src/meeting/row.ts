import { type MeetingReport, meetingStanding } from "@detente/unit";
import type { MeetingRow } from "../api/meeting-contract.ts";

/** A meeting on the record as people are shown it. @param here what this station alone knows of it */
export function meetingRow(
  report: MeetingReport,
  here: Pick<MeetingRow, "progress" | "common">,
  now: number,
): MeetingRow {
  const { hash, terms, by, with: other } = report;
  const { purpose, until, most } = terms;
  const { phase, fault } = meetingStanding(report, now);
  const sides = [by, other].map(({ party, list, count, consent, end }) => ({
    party,
    size: list?.content.count ?? null,
    count: count?.content.count ?? null,
    consent: consent ?? null,
    outcome: end?.content.outcome ?? null,
  }));
  return { meeting: hash, purpose, until, most, phase, fault, sides, ...here };
}
