import type { MeetingReport } from "@detente/unit";
import { sidesOf } from "./sides.ts";

/**
 * What partners' lists will take from this party's budgets in meetings that it has entered and of which the record does
 * not say so yet: `meetingSpending` goes by what is in effect, and until then nothing is to be granted again.
 */
export class Entered {
  readonly #lists = new Map<string, { readonly partner: string; readonly count: number }>();

  /** @param count of the partner's list, or of the largest one that it may answer with */
  add(meeting: string, partner: string, count: number): void {
    this.#lists.set(meeting, { partner, count });
  }

  /** @param meetings on the record: of those where this party has its list, or nothing more can be, the record tells */
  of(partner: string, party: string, meetings: readonly MeetingReport[]): number {
    for (const meeting of meetings) {
      const { me, them } = sidesOf(meeting, party);
      if (me.party === party && (me.list ?? me.end ?? them.end) !== undefined) this.#lists.delete(meeting.hash);
      if (me.isOut || them.isOut) this.#lists.delete(meeting.hash);
    }
    const own = [...this.#lists.values()].filter((list) => list.partner === partner);
    return own.reduce((sum, { count }) => sum + count, 0);
  }
}
