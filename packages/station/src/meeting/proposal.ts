import { err, type Fault, ok, type Result } from "@detente/basics";
import type { MeetingList } from "@detente/record";
import type { StatementInput } from "../api/contract.ts";
import type { ProposalInput } from "../api/meeting-contract.ts";

const DAY_MS = 86_400_000;
/** Keys and lists are kept until then. */
const LONGEST_DAYS = 90;

/** Whether a meeting may last until then. */
export function withinTime(until: number, now: number): Result<void, Fault<"bad-time">> {
  if (until > now && until <= now + LONGEST_DAYS * DAY_MS) return ok(undefined);
  return err("bad-time", `until: choose a time that is to come, at most ${LONGEST_DAYS} days from now`);
}

export function proposalOf(
  party: string,
  { with: partner, purpose, until }: Omit<ProposalInput, "indicators">,
  most: number,
  list: MeetingList,
): StatementInput {
  const terms = { suite: "ristretto255-SHA512", by: party, with: partner, purpose, until, most };
  return { type: "open", kind: "meeting", of: [], audience: "unit", content: { ...terms, list: { ...list } } };
}
