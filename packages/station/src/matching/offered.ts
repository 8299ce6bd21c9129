import type { MatchPartner, PartnerEdition } from "@detente/record";
import type { MatchSetReport } from "@detente/unit";

/** A set that the record has for this party, and its part of the newest edition. */
export interface Offered {
  readonly party: string;
  readonly report: MatchSetReport;
  readonly terms: MatchPartner;
  readonly edition: PartnerEdition;
  readonly sequence: number;
  readonly labelBytes: number;
  /** When it may be fetched, in milliseconds since 1970: a partner that begins epochs without end is not followed so fast. */
  readonly from: number;
}

const DAY_MS = 86_400_000;
/** Sets of one partner that are fetched within a day. */
export const SETS_A_DAY = 8;

/**
 * What a report offers a party; undefined where it is not for that, or has no edition for it.
 * @param party the partner's name
 * @param self whose part is meant
 */
export function offeredOf(party: string, self: string, report: MatchSetReport, from: number): Offered | undefined {
  const terms = report.terms.partners.find((one) => one.party === self);
  const content = report.edition?.content;
  const edition = content?.partners.find((one) => one.party === self);
  if (terms === undefined || content === undefined || edition === undefined) return undefined;
  const { sequence, labelBytes } = content;
  return { party, report, terms, edition, sequence, labelBytes, from };
}

/**
 * When a set may be fetched: at once, unless its author has begun so many others within the day before.
 * @param before its author's earlier sets for this party, oldest first, by when each took effect
 */
export function fetchedFrom(before: readonly number[]): number {
  const first = before.at(-SETS_A_DAY);
  return first === undefined ? Number.NEGATIVE_INFINITY : first + DAY_MS;
}
