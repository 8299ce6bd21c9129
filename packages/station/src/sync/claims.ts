import { equalBytes, fromBase64, type Bytes } from "@detente/basics";
import type { LogReader } from "@detente/store";
import type { Arrival } from "./archive.ts";

/** That a party has seen a tree of a log. */
export interface Claim {
  readonly observer: string;
  readonly size: number;
  readonly root: Bytes;
}

/** Of one log by one observer: the largest are kept, since each speaks for all below it. */
const MAX_CLAIMS = 256;

/** What others have observed of logs that is not so here: trees larger than ours, or other trees than ours. */
export class Claims {
  readonly #claims = new Map<string, Claim[]>();

  /** Gives the logs of which something new is claimed. */
  arrived(entries: readonly Arrival[]): Set<string> {
    const logs = new Set<string>();
    for (const { log: observer, heads } of entries) {
      for (const { log, size, root } of heads) {
        const bytes = fromBase64(root);
        if (log === observer || bytes === undefined) continue;
        const claims = this.#claims.get(log) ?? [];
        claims.push({ observer, size, root: bytes });
        this.#claims.set(log, claims);
        logs.add(log);
      }
    }
    return logs;
  }

  /** Those that our copy does not bear out; forgets the others. */
  open(log: string, ours: LogReader): readonly Claim[] {
    const open = (this.#claims.get(log) ?? []).filter(
      ({ size, root }) => size > ours.size || !equalBytes(ours.rootAt(size), root),
    );
    const counts = new Map<string, number>();
    const kept = open
      .toSorted((a, b) => b.size - a.size)
      .filter(({ observer }) => {
        const count = (counts.get(observer) ?? 0) + 1;
        counts.set(observer, count);
        return count <= MAX_CLAIMS;
      });
    if (kept.length === 0) this.#claims.delete(log);
    else this.#claims.set(log, kept);
    return kept;
  }
}
