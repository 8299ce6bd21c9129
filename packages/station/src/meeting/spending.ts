import type { MeetingReport } from "@detente/unit";
import { sidesOf } from "./sides.ts";

/** What others' lists in meetings with this party take from its budgets: their committed sizes, padding included. */
export interface MeetingSpending {
  readonly of: (partner: string) => number;
  readonly all: number;
}

/**
 * By the record alone, so that nothing is forgotten: whom this party met since an entry of its own log. A proposal of its
 * own that is not answered yet reserves what it would admit.
 * @param since index in the party's log; that of the statement which opened the set whose budgets are meant
 */
export function meetingSpending(meetings: readonly MeetingReport[], party: string, since: number): MeetingSpending {
  const spent = new Map<string, number>();
  let all = 0;
  for (const meeting of meetings) {
    const { terms } = meeting;
    if (terms.by !== party && terms.with !== party) continue;
    const { me, them } = sidesOf(meeting, party);
    if (me.list === undefined || me.list.index < since) continue;
    const isOpen = me.end === undefined && !me.isOut && !them.isOut;
    const count = them.list?.content.count ?? (isOpen ? terms.most : 0);
    spent.set(them.party, (spent.get(them.party) ?? 0) + count);
    all += count;
  }
  return { of: (partner) => spent.get(partner) ?? 0, all };
}
