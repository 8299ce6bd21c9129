import { compareText, toHex } from "@detente/basics";
import { type Ledger, receiptDigest } from "@detente/match";
import type { MatchTotalsContent } from "@detente/record";

const DAY_MS = 86_400_000;

/** What was asked until `to`, as the record is to say it. */
export function totalsContent({ pooled, accounts }: Ledger, to: number): MatchTotalsContent {
  const partners = [...accounts].flatMap(([party, { spent, last }]) =>
    last?.receipt === undefined ? [] : [{ party, spent, receipt: toHex(receiptDigest(last.receipt)) }],
  );
  return { to, pooled, partners: partners.sort((a, b) => compareText(a.party, b.party)) };
}

/**
 * Milliseconds until totals are due: at the first midnight (UTC) after something was asked that they do not count.
 * Undefined where nothing was.
 * @param said those that were said last
 * @param since when the set was opened, in milliseconds since 1970
 */
export function dueIn(
  ledger: Ledger,
  said: MatchTotalsContent | undefined,
  since: number,
  now: number,
): number | undefined {
  if (ledger.pooled === (said?.pooled ?? 0)) return undefined;
  const midnight = (Math.floor((said?.to ?? since) / DAY_MS) + 1) * DAY_MS;
  return Math.max(0, midnight - now);
}
