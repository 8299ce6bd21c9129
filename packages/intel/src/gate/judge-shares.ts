import type { Candidate } from "../export/block-list.ts";
import type { Reliability } from "./decay.ts";
import { type GateContext, judge, opinionKey, type Opinions, type Verdict } from "./judge.ts";

export interface SharesContext extends Pick<GateContext, "now" | "lists" | "assets"> {
  /** How reliable each party has proved; `F` for one that is not there. */
  readonly reliability: Readonly<Record<string, Reliability>>;
}

/** What the gate says of items of many shares. */
export interface JudgedShares {
  readonly verdictOf: (candidate: Candidate) => Verdict | undefined;
  readonly warnings: readonly string[];
}

/**
 * Judges each share as of its own time and by its own source, with what all parties have observed of a value. Whoever
 * shared it has a stake in it, so its own word does not count.
 */
export function judgeShares(candidates: readonly Candidate[], context: SharesContext): JudgedShares {
  const opinions = opinionsOn(candidates);
  const shares = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const share = shares.get(candidate.share);
    if (share === undefined) shares.set(candidate.share, [candidate]);
    else share.push(candidate);
  }
  const verdicts = new Map<Candidate, Verdict>();
  const warnings = new Set<string>();
  for (const share of shares.values()) {
    const [{ party, at, title }] = share as [Candidate];
    const judged = judge(
      share.map(({ item }) => item),
      { ...context, sharedAt: at, reliability: context.reliability[party] ?? "F", opinions },
    );
    for (const [i, verdict] of judged.verdicts.entries()) verdicts.set(share[i] as Candidate, verdict);
    for (const warning of judged.warnings) warnings.add(`${party}, "${title}": ${warning}`);
  }
  return { verdictOf: (candidate) => verdicts.get(candidate), warnings: [...warnings] };
}

/** By `opinionKey`, what parties that did not share a value have seen of it. */
function opinionsOn(candidates: readonly Candidate[]): Map<string, Opinions> {
  const authors = new Map<string, Set<string>>();
  for (const { item, party } of candidates) {
    const key = opinionKey(item);
    const known = authors.get(key);
    if (known === undefined) authors.set(key, new Set([party]));
    else known.add(party);
  }
  const voices = new Map<string, { sighted: Set<string>; refuted: Set<string>; last: number }>();
  for (const { item, observed } of candidates) {
    if (observed === undefined) continue;
    const key = opinionKey(item);
    const has = (party: string): boolean => authors.get(key)?.has(party) !== true;
    const voice = voices.get(key) ?? { sighted: new Set(), refuted: new Set(), last: 0 };
    for (const { party, last } of observed.sightings.filter((one) => has(one.party))) {
      voice.sighted.add(party);
      voice.last = Math.max(voice.last, last);
    }
    for (const party of observed.refutedBy.filter(has)) voice.refuted.add(party);
    voices.set(key, voice);
  }
  return new Map(
    [...voices].map(([key, { sighted, refuted, last }]) => [
      key,
      { sighted: sighted.size, refuted: refuted.size, ...(sighted.size === 0 ? {} : { lastSighted: last }) },
    ]),
  );
}
