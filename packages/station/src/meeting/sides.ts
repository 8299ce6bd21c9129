import type { Fold, MeetingReport, MeetingSide } from "@detente/unit";
import { pendingPosition } from "../speak/pending-position.ts";

/** The clause on which officers consent to showing which items are common, or deny it. */
export const CONTENTS = "contents";

/** Both sides of a meeting as one of its parties sees them. */
export interface Sides {
  readonly me: MeetingSide;
  readonly them: MeetingSide;
}

/** @param party one of the two */
export function sidesOf(report: MeetingReport, party: string): Sides {
  return report.terms.by === party ? { me: report.by, them: report.with } : { me: report.with, them: report.by };
}

/**
 * A meeting as the record has it, and of this party's side also what its officers have said against going on: that binds it
 * from when it is said, not only when a quorum has observed it.
 * @param origin of the log of `party`, which may be neither of the two
 */
export function boundReport(
  fold: Pick<Fold, "pending">,
  origin: string,
  report: MeetingReport,
  party: string,
): MeetingReport {
  const said = (clause?: string): string | undefined => pendingPosition(fold, origin, report.hash, clause)?.body?.kind;
  const whole = said();
  const isDenied = said(CONTENTS) === "deny";
  const bound = (side: MeetingSide): MeetingSide => {
    if (side.party !== party) return side;
    const isOut = side.isOut || whole === "deny" || whole === "withdraw";
    return { ...side, isOut, consent: isDenied ? "deny" : side.consent };
  };
  return { ...report, by: bound(report.by), with: bound(report.with) };
}
