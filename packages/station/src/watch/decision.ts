import type { AudienceInput } from "../api/contract.ts";
import type { PendingSighting, WatchChoice, WatchDecision } from "../api/watch-contract.ts";
import type { Book } from "./book.ts";
import type { Pending } from "./pending.ts";
import type { Outcome } from "./releaser.ts";

/** The pending sightings that an officer named, and the ids of none. */
export function choose(
  book: Book,
  choice: WatchChoice,
): { readonly chosen: readonly Pending[]; readonly unknown: readonly string[] } {
  if ("all" in choice) return { chosen: book.allPending(), unknown: [] };
  const ids = [...new Set(choice.ids)];
  const chosen = ids.flatMap((id) => book.pending(id) ?? []);
  return { chosen, unknown: ids.filter((id) => book.pending(id) === undefined) };
}

/** @param why those wait of which nothing became yet */
export function decisionOf(
  chosen: readonly Pending[],
  unknown: readonly string[],
  outcomes: readonly Outcome[],
  why: string,
): WatchDecision {
  const byId = new Map(outcomes.map((outcome) => [outcome.pending.id, outcome]));
  const decision: { [Part in Exclude<keyof WatchDecision, "unknown">]: WatchDecision[Part][number][] } = {
    said: [],
    waiting: [],
    dropped: [],
  };
  for (const { id } of chosen) {
    const outcome = byId.get(id);
    if (outcome === undefined) decision.waiting.push({ id, why });
    else if (outcome.is === "said") decision.said.push({ id, leafHash: outcome.leafHash });
    else decision[outcome.is === "dropped" ? "dropped" : "waiting"].push({ id, why: outcome.why });
  }
  return { ...decision, unknown };
}

/** @param audience who can read the share now */
export function shownPending(pending: Pending, audience: AudienceInput | null): PendingSighting {
  const { id, source, indicator, party, share, classes, isNoisy, says, releasedBy, intent, partner } = pending;
  return {
    id,
    source,
    indicator,
    party,
    share,
    isBlind: partner !== undefined,
    classes,
    isNoisy,
    says,
    audience: intent?.audience ?? audience,
    releasedBy,
  };
}
