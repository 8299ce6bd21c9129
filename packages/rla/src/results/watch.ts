import { compareText } from "@detente/basics";
import { checkCopies, checkProgress, checkSnapshot, type ResultsFinding } from "./check.ts";
import type { ResultsSnapshot } from "./snapshot.ts";

/** Published results as somebody got them. */
export interface ObservedResults {
  /** The file, for messages. */
  readonly name: string;
  readonly observer: string;
  /** When they were got, in milliseconds since 1970. */
  readonly at: number;
  /** SHA-256 of the file, in hex: equal files are one snapshot. */
  readonly digest: string;
  readonly results: ResultsSnapshot;
}

/** A finding with what it was found in. */
export interface WatchFinding {
  readonly finding: ResultsFinding;
  readonly seen: ObservedResults;
  /** What it was compared with; undefined where the snapshot contradicts itself. */
  readonly against: ObservedResults | undefined;
}

/**
 * Watches published results as several observers get them at several times. Each different file is checked by itself;
 * then against the last different one that anybody got before, as counts only grow; and where two files say that they
 * were made at one time, they are copies of one another and must not differ. The order of what is added does not matter.
 */
export function watchResults(observed: Iterable<ObservedResults>): WatchFinding[] {
  const inOrder = [...observed].sort(
    (a, b) => a.at - b.at || compareText(a.digest, b.digest) || compareText(a.observer, b.observer),
  );
  const findings: WatchFinding[] = [];
  const known = new Set<string>();
  const made = new Map<string, ObservedResults>();
  let before: ObservedResults | undefined;
  for (const seen of inOrder) {
    if (before?.digest === seen.digest) continue;
    const { time } = seen.results;
    const copy = time === "" ? undefined : made.get(time);
    if (!known.has(seen.digest)) {
      known.add(seen.digest);
      add(checkSnapshot(seen.results), seen, undefined);
      if (copy !== undefined) add(checkCopies(copy.results, seen.results), seen, copy);
    }
    // Two copies of one time say how they differ already.
    if (before !== undefined && before !== copy) add(checkProgress(before.results, seen.results), seen, before);
    if (copy === undefined && time !== "") made.set(time, seen);
    before = seen;
  }
  return findings;

  function add(found: readonly ResultsFinding[], seen: ObservedResults, against: ObservedResults | undefined): void {
    for (const finding of found) findings.push({ finding, seen, against });
  }
}
