import { canonicalJson } from "@detente/basics/canonical-json";
import { MAX_PARTIES } from "./limits.ts";

/** Whom a body is for: the whole unit, or the parties named, in ascending order. */
export type Audience = "unit" | readonly string[];

const PARTY_NAME = /^[a-z0-9-]{1,32}$/;

/** Whether a value from outside is an audience: `"unit"`, or 1 to 64 party names, ascending and distinct. */
export function isAudience(value: unknown): value is Audience {
  if (value === "unit") return true;
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_PARTIES) return false;
  return value.every(
    (name, i) => typeof name === "string" && PARTY_NAME.test(name) && (i === 0 || (value[i - 1] as string) < name),
  );
}

/** One string for one audience: `unit`, or the canonical JSON of the list, which no name can imitate. */
export function audienceKey(audience: Audience): string {
  return audience === "unit" ? audience : canonicalJson(audience);
}

/**
 * Whether `party` may have what is for `audience`. Fails closed: an empty, unknown or malformed audience reaches
 * nobody, and whoever is not a member of the unit gets nothing, even if named.
 */
export function isEntitled(audience: unknown, party: string, members: ReadonlySet<string>): boolean {
  if (!isAudience(audience) || !members.has(party)) return false;
  return audience === "unit" || audience.includes(party);
}
