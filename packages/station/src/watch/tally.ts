import type { SightingContent } from "@detente/record";
import type { HitClass } from "@detente/screen";
import type { HitRecord } from "@detente/telemetry";
import { isStrong, type WatchPolicy } from "./watched-source.ts";

/** Where a watched indicator comes from. */
export interface ItemOfShare {
  readonly party: string;
  /** Leaf hash. */
  readonly share: string;
  readonly index: number;
}

export type WatchHit = Pick<HitRecord<ItemOfShare>, "time" | "class" | "from" | "indicator">;

/**
 * How often an indicator was hit in a source within one window. Nothing else of the hits is kept: no line, no file, no
 * matched text. Times in milliseconds since 1970.
 */
export interface Tally extends ItemOfShare {
  readonly id: string;
  readonly source: string;
  /** As it was shared. */
  readonly indicator: HitRecord<ItemOfShare>["indicator"];
  /** Whether all its hits are of a class that is left to an officer. */
  readonly isWeak: boolean;
  /** The window, by this station's clock: when the hits were counted, whatever their lines say. */
  readonly from: number;
  readonly until: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** How many hits of each class: for this party's own officers. */
  readonly classes: { readonly [Class in HitClass]?: number };
  readonly isNoisy: boolean;
}

/** Hits of one key are counted together: of one item in one source, strong and weak ones apart. */
export function tallyKey({
  source,
  share,
  index,
  isWeak,
}: Pick<Tally, "source" | "share" | "index" | "isWeak">): string {
  return `${source} ${share} ${index} ${isWeak ? "weak" : "strong"}`;
}

/**
 * A tally with nothing in it, for the window that holds `now`. Windows begin at whole multiples of their length, so
 * that those of all indicators end together and what ends when tells nothing.
 */
export function openTally(
  id: string,
  source: string,
  { from: item, class: as, indicator }: WatchHit & { readonly from: ItemOfShare },
  policy: WatchPolicy,
  now: number,
): Tally {
  const from = now - (now % policy.window);
  return {
    id,
    source,
    party: item.party,
    share: item.share,
    index: item.index,
    indicator,
    isWeak: !isStrong(as, policy),
    from,
    until: from + policy.window,
    count: 0,
    first: now,
    last: 0,
    classes: {},
    isNoisy: false,
  };
}

/**
 * A tally with one hit more. A line without a time happened when it was counted, and none after that: what writes the
 * log may lie or have a wrong clock.
 */
export function countHit(tally: Tally, { time, class: as }: WatchHit, { noisy }: WatchPolicy, now: number): Tally {
  const at = Math.max(0, Math.min(time ?? now, now));
  const count = tally.count + 1;
  return {
    ...tally,
    count,
    first: Math.min(tally.first, at),
    last: Math.max(tally.last, at),
    classes: { ...tally.classes, [as]: (tally.classes[as] ?? 0) + 1 },
    isNoisy: count > noisy,
  };
}

/**
 * What would be said: how often, and when, rounded outwards. It covers the window, and the time of the hits where these
 * are older, as of lines that were screened late.
 */
export function sightingOf({ index, count, first, last, from, until, source }: Tally, round: number): SightingContent {
  const down = (time: number): number => time - (time % round);
  const up = (time: number): number => down(time + round - 1);
  return {
    item: { index },
    count,
    first: down(first),
    last: up(last),
    coverage: { from: down(Math.min(from, first)), to: up(until), source },
  };
}
