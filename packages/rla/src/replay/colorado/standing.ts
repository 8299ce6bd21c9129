import { superSimpleRisk, superSimpleSize } from "../../test/super-simple.ts";
import { checked, type ReplayLine, unchecked } from "../lines.ts";
import type { ContestStanding } from "./tables.ts";

/** Sizes and risk after a round, from the counts that the same row publishes. */
export function standingLines(standing: ContestStanding): ReplayLine[] {
  const { name, file, line, status, cards, margin, limit, gamma, audited, counts, optimistic, estimated } = standing;
  const place = { contest: name, file, line };
  if (margin === 0 || margin > cards || optimistic === undefined) {
    const published = optimistic === undefined ? "none" : String(optimistic);
    return [
      unchecked(
        { ...place, step: "size", what: "samples to audit", published },
        "has no margin, or one above its cards, or no size is published",
      ),
    ];
  }
  // The database keeps diluted margins with eight digits behind the point; until they are read back they are whole.
  const sizes = [margin / cards, Math.round((margin / cards) * 1e8) / 1e8].map((dilutedMargin) =>
    superSimpleSize({ dilutedMargin, gamma }, limit, counts),
  );
  const size = sizes.includes(optimistic) ? optimistic : (sizes[0] as number);
  const lines = [
    checked({ ...place, step: "size", what: "samples to audit", published: String(optimistic) }, String(size)),
  ];
  const overs = counts.o1 + counts.o2;
  if (estimated !== undefined && (overs === 0 || (audited !== undefined && audited > 0))) {
    const scale = overs === 0 ? 1 : 1 + (standing.overstatements ?? 0) / (audited ?? 1);
    const published = {
      ...place,
      step: "size",
      what: "samples, if errors go on",
      published: String(estimated),
    } as const;
    lines.push(checked(published, String(Math.ceil(Number((size * scale).toFixed(9))))));
  }
  if (audited === undefined || audited === 0 || !/achieved|progress/i.test(status)) return lines;
  const risk = superSimpleRisk(
    { dilutedMargin: margin / cards, gamma },
    Math.max(audited, overs + counts.u1 + counts.u2),
    counts,
  );
  const met = size <= audited ? "risk_limit_achieved" : "in_progress";
  const note = `the risk is ${risk.toPrecision(6)} after ${audited} cards`;
  return [...lines, checked({ ...place, step: "risk", what: "status", published: status.toLowerCase() }, met, note)];
}
