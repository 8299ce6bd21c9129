import type { MeetingReport, MeetingSide } from "@detente/unit";

/** Both sides of a meeting as one of its parties sees them. */
export interface Sides {
  readonly me: MeetingSide;
  readonly them: MeetingSide;
}

/** @param party one of the two */
export function sidesOf(report: MeetingReport, party: string): Sides {
  return report.terms.by === party ? { me: report.by, them: report.with } : { me: report.with, them: report.by };
}
