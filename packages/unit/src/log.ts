import { Missing } from "./missing.ts";
import type { Statement } from "./statement.ts";

/** A stretch of a log, [from, to), in which its author was a party; `to` is open-ended while it is one. */
export interface Membership {
  from: number;
  to: number;
}

/** What the fold holds of one log. */
export class Log {
  readonly origin: string;
  readonly entries: Statement[] = [];
  /** Indexes of the entries that are not observations of heads. */
  readonly plain: number[] = [];
  /** Entries below are covered by a quorum. */
  effectiveSize = 0;
  /** Entries below have been judged, in order. */
  passed = 0;
  /** One more than the last judged entry that is not an observation of heads. */
  passedPlain = 0;
  /** Unit-wide entries whose bodies are not here. */
  readonly missing: Missing = new Missing();
  /** As `missing`, for sealed ones. */
  readonly missingSealed: Missing = new Missing();
  /** In ascending order, not overlapping; whether two that touch are one depends on the order of arrival. */
  readonly memberships: Membership[] = [];
  /** Indexes of `position/withdraw` statements that carry the unit's id, whether or not their author was a party. */
  readonly withdrawals: number[] = [];
  /** How many unit-wide statements count, and how many never will. */
  effective = 0;
  void = 0;

  constructor(origin: string) {
    this.origin = origin;
  }

  get size(): number {
    return this.entries.length;
  }

  /** Whether the entry at `index` was written by a party of the unit. */
  isMemberAt(index: number): boolean {
    return this.memberships.some(({ from, to }) => from <= index && index < to);
  }

  /** Whether the author has ended a membership before `index` and not begun another. */
  hasLeftAt(index: number): boolean {
    return !this.isMemberAt(index) && this.memberships.some(({ to }) => to <= index);
  }

  get isMember(): boolean {
    return this.memberships.at(-1)?.to === Number.POSITIVE_INFINITY;
  }

  /** The memberships as `from` and `to` (null while open-ended), with those that touch as one. */
  memberSpans(): [number, number | null][] {
    const spans: [number, number | null][] = [];
    for (const { from, to } of this.memberships) {
      const last = spans.at(-1);
      const end = to === Number.POSITIVE_INFINITY ? null : to;
      if (last?.[1] === from) last[1] = end;
      else spans.push([from, end]);
    }
    return spans;
  }

  /** Whether [from, to) holds anything but observations of heads. */
  hasPlainIn(from: number, to: number): boolean {
    let low = 0;
    let high = this.plain.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.plain[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return low < this.plain.length && (this.plain[low] as number) < to;
  }

  /** Begins a membership at `from`, up to the next one known. */
  begin(from: number): void {
    const next = this.memberships.find((membership) => membership.from > from);
    this.memberships.push({ from, to: next?.from ?? Number.POSITIVE_INFINITY });
    this.memberships.sort((a, b) => a.from - b.from);
  }

  /** Ends the membership that `index` lies in, just after it. */
  end(index: number): void {
    const membership = this.memberships.find(({ from, to }) => from <= index && index < to);
    if (membership !== undefined) membership.to = index + 1;
  }
}
