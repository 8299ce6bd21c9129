import type { MeetingReport } from "@detente/unit";
import { sidesOf } from "./sides.ts";

/** What a meeting takes from this party's budgets: the size of the partner's list, or of the largest that it may answer with. */
export interface Grant {
  readonly partner: string;
  readonly count: number;
}

/** What others' lists in meetings with this party take from its budgets: their committed sizes, padding included. */
export interface MeetingSpending {
  readonly of: (partner: string) => number;
  readonly all: number;
}

/** What this party has granted, whether the record has it or not. */
export interface GrantedHere {
  /** By meeting. */
  readonly entered: ReadonlyMap<string, Grant>;
  /** For meetings that have no name yet. */
  readonly underWay: Iterable<Grant>;
}

/**
 * What was entered here counts at once, and the same when the record has it: whom this party met since an entry of its own
 * log. A proposal of its own that is not answered takes what it would admit until this party has ended it: others' words,
 * and an officer's, can be taken back before.
 * @param since index in the party's log; that of the statement which opened the set whose budgets are meant. What is not
 * on the record yet comes after every set that is
 */
export function meetingSpending(
  meetings: readonly MeetingReport[],
  party: string,
  { entered, underWay }: GrantedHere,
  since: number,
): MeetingSpending {
  const left = new Map(entered);
  const spent = new Map<string, number>();
  const take = ({ partner, count }: Grant): void => void spent.set(partner, (spent.get(partner) ?? 0) + count);
  for (const meeting of meetings) {
    const { terms } = meeting;
    if (terms.by !== party && terms.with !== party) continue;
    const { me, them } = sidesOf(meeting, party);
    // What ended before this party's list was said never is.
    if (me.list !== undefined || me.end !== undefined) left.delete(meeting.hash);
    if (me.list === undefined || me.list.index < since) continue;
    const unanswered = me.end === undefined ? terms.most : 0;
    take({ partner: them.party, count: them.list?.content.count ?? unanswered });
  }
  for (const grant of [...left.values(), ...underWay]) take(grant);
  return { of: (partner) => spent.get(partner) ?? 0, all: [...spent.values()].reduce((sum, one) => sum + one, 0) };
}
