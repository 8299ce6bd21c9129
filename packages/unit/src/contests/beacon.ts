import type { ContestContent } from "@detente/record";

/** Public beacons whose rounds come out by the clock: genesis and period, in seconds, as their chains state them. */
const KNOWN: readonly { readonly name: RegExp; readonly genesis: number; readonly period: number }[] = [
  { name: /^drand quicknet\b/i, genesis: 1_692_803_367, period: 3 },
  { name: /^drand default\b/i, genesis: 1_595_431_050, period: 30 },
];

/** When a round of a known beacon comes out, milliseconds since 1970; `undefined` of any other beacon. */
export function knownRoundTime(name: string, round: number): number | undefined {
  const beacon = KNOWN.find((each) => each.name.test(name));
  return beacon === undefined ? undefined : (beacon.genesis + (round - 1) * beacon.period) * 1000;
}

/**
 * Until when contributions of an attempt must be closed, milliseconds since 1970: when the beacon's round comes out by
 * the charter, or before, where the beacon is known to be earlier. Else whoever writes the charter could choose a
 * round that has come out already, and give it a time to come.
 * @param attempt from 1; one that the charter does not have is closed before anything
 */
export function closingTime({ seed: { beacon } }: ContestContent, attempt: number): number {
  const asked = beacon.rounds[attempt - 1];
  if (asked === undefined) return 0;
  return Math.min(asked.at, knownRoundTime(beacon.name, asked.round) ?? asked.at);
}
