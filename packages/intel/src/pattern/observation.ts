import { isObject, type JsonObject } from "../read/json-document.ts";
import { type StixObject, viewOf } from "../stix/object.ts";
import { timestampMillis } from "../stix/timestamp.ts";

/** What was observed: objects that were seen together, in a stretch of time, once or more often. */
export interface Observation {
  /** The observables by id (or by key, in the deprecated form), each of which references to others go through. */
  readonly objects: ReadonlyMap<string, JsonObject>;
  /** Milliseconds since 1970. When in between something was observed is not known. */
  readonly first: number;
  readonly last: number;
  /** How often it was observed; for REPEATS each is an observation of its own. */
  readonly count: number;
}

/**
 * The observations among STIX objects (STIX 2.1 §4.14 and §9.7.4): an observed-data object sees only what its own
 * `object_refs` list, or, in the deprecated form, what it holds itself.
 */
export function observationsOf(objects: readonly StixObject[]): Observation[] {
  const byId = new Map(objects.map((object) => [object.id, object.view]));
  const observations: Observation[] = [];
  for (const object of objects) {
    const observed = viewOf(object, "observed-data");
    if (observed === undefined) continue;
    const seen = new Map<string, JsonObject>();
    for (const id of observed.object_refs ?? []) {
      const view = byId.get(id);
      if (view !== undefined) seen.set(id, view);
    }
    for (const [key, value] of Object.entries(observed.objects ?? {})) if (isObject(value)) seen.set(key, value);
    observations.push({
      objects: seen,
      first: timestampMillis(observed.first_observed),
      last: timestampMillis(observed.last_observed),
      count: observed.number_observed,
    });
  }
  return observations;
}
