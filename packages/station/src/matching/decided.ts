import type { Fold } from "@detente/unit";
import { pendingPosition } from "../speak/pending-position.ts";
import type { OwnSet } from "./own-set.ts";
import type { MatchPolicy } from "./policy.ts";
import { reachDigest } from "./reach.ts";

/** What was decided here on the own sets, whether the record has it or not. */
export interface Decided {
  readonly policy: MatchPolicy | undefined;
  readonly own: OwnSet | undefined;
}

/**
 * Whether an own set still answers a partner. What takes something back holds at once, and not only when a quorum has
 * observed it: a partner whom the settings do not name any more, shares that are to reach others than when the set was
 * opened, an officer's withdrawal. A set that ends because its time is over answers until its end is in effect, so that
 * there is always one to ask.
 * @param origin of this party's log
 */
export function isOpenFor(
  fold: Pick<Fold, "pending">,
  origin: string,
  { policy, own }: Decided,
  { set, partner }: { readonly set: string; readonly partner: string },
): boolean {
  if (policy?.partners.some(({ party }) => party === partner) !== true) return false;
  const ending = own?.before?.find(({ hash }) => hash === set);
  const reach = own?.hash === set ? own.reach : ending?.reach;
  if (reach !== reachDigest(policy)) return false;
  const said = pendingPosition(fold, origin, set);
  return said?.body?.kind !== "withdraw" || said.hash === ending?.withdrawal?.hash;
}
