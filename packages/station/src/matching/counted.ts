import { type Bytes, fromHex, present, toHex } from "@detente/basics";
import { parseRequest } from "@detente/match";
import type { MatchTotalsContent } from "@detente/record";
import type { AnswerStore } from "@detente/store";
import type { MatchSetReport } from "@detente/unit";
import type { OpenTab, Tabs } from "./tabs.ts";

const DAY_MS = 86_400_000;
/** Totals are said each midnight; a day more for whoever could not be reached, and one for clocks. */
const GRACE_MS: number = 3 * DAY_MS;

/** A party's part of what a partner said was asked of its set. */
type Counted = MatchTotalsContent["partners"][number];

/** What this party's own books say of a set. @internal */
export interface OwnCount {
  readonly tab: OpenTab;
  /** Questions of the request that is on its way: answered or not, nobody knows yet. */
  readonly underWay: number;
  /** The digest of the receipt after so many questions; undefined where no receipt ends there. */
  readonly receiptAfter: (spent: number) => Bytes | undefined;
}

/**
 * Holds what a partner says it was asked against the receipts that both have signed.
 * @internal
 * @param counted this party's part of the totals that the partner said last; undefined where it has none
 * @param now milliseconds since 1970
 * @returns what does not agree; undefined where all does
 */
export function countFlaw(counted: Counted | undefined, own: OwnCount, now: number): string | undefined {
  const { tab, underWay, receiptAfter } = own;
  const { spent } = tab.tab;
  const said = counted?.spent ?? 0;
  if (said > spent && said !== spent + underWay) {
    return `it counts ${said} questions, the receipts here ${spent}: it has invented some, or this station was set back`;
  }
  const receipt = said > spent || said === 0 ? undefined : receiptAfter(said);
  if (counted !== undefined && said <= spent && (receipt === undefined || toHex(receipt) !== counted.receipt)) {
    const ours = receipt === undefined ? "no receipt ends there" : `the receipt here is ${toHex(receipt)}`;
    return `after ${said} questions it names the receipt ${counted.receipt}, ${ours}`;
  }
  if (said < spent && tab.at !== undefined && now > tab.at + GRACE_MS) {
    return `it counts ${said} questions, the receipts here ${spent}, the last ${Math.floor((now - tab.at) / DAY_MS)} days old: it hides some from the others`;
  }
  return undefined;
}

/** What of a set's totals does not agree with this party's own books; undefined where all does, or it never asked. */
export async function countedOf(
  { tabs, answers }: { readonly tabs: Tabs; readonly answers: AnswerStore },
  party: string,
  { hash, totals }: MatchSetReport,
  now: number,
): Promise<string | undefined> {
  const tab = await tabs.get(hash);
  const counted = totals?.content.partners.find((one) => one.party === party);
  const request = tab.asked === undefined ? undefined : parseRequest(tab.asked.request);
  const underWay = request?.ok === true ? request.value.blinded.length / 32 : 0;
  const receiptAfter = (spent: number): Bytes | undefined => {
    if (spent === tab.tab.spent) return tab.tab.previous;
    // The request after it names it.
    return answers.exchanges(present(fromHex(hash), "a leaf hash")).find(({ request: bytes }) => {
      const next = parseRequest(bytes);
      return next.ok && next.value.spent === spent;
    })?.previous;
  };
  return countFlaw(counted, { tab, underWay, receiptAfter }, now);
}
