import { fromHex, present } from "@detente/basics";
import type { Claim } from "@detente/store";
import type { ThingReport } from "@detente/unit";
import type { AudienceInput } from "./api/contract.ts";
import type { IntelRow } from "./api/intel-contract.ts";
import { audienceOf } from "./api/statements.ts";
import type { UnitRuntime } from "./unit-runtime.ts";

/** A share that has taken effect and was not withdrawn. */
export interface StandingShare {
  readonly leafHash: string;
  /** Whose it is. */
  readonly party: string;
  /** Who can read it, and so what is said about it. */
  readonly audience: AudienceInput;
}

/** Every share whose indicators this party may look for. */
export function* standingShares(unit: UnitRuntime): Generator<StandingShare> {
  for (const { leafHash, log, audience } of unit.indexer.shares()) {
    const thing = unit.archive.fold.thing(leafHash, audience);
    if (thing === undefined || thing.isWithdrawn) continue;
    yield { leafHash, party: unit.membership.nameOf(log), audience: audienceOf(audience) };
  }
}

/** Every statement in effect that shares objects and that its author has not taken back: their versions count. */
export function standingClaims(unit: UnitRuntime): Claim[] {
  return unit.indexer.shares().flatMap(({ kind, leafHash, log, index, audience }) => {
    const thing = kind === "objects" ? unit.archive.fold.thing(leafHash, audience) : undefined;
    if (thing === undefined || thing.isWithdrawn) return [];
    return [{ log, index, share: present(fromHex(leafHash), "a leaf hash") }];
  });
}

/** The shares that took effect and were taken back by whoever had made them. */
export function withdrawnShares(unit: UnitRuntime): Set<string> {
  const withdrawn = unit.indexer
    .shares()
    .filter(({ leafHash, audience }) => unit.archive.fold.thing(leafHash, audience)?.isWithdrawn === true);
  return new Set(withdrawn.map(({ leafHash }) => leafHash));
}

export function statusOf(thing: ThingReport | undefined): IntelRow["status"] {
  if (thing === undefined) return "pending";
  return thing.isWithdrawn ? "withdrawn" : "effective";
}
