import { fromHex, present } from "@detente/basics";
import type { Claim } from "@detente/store";
import type { StatementReport, ThingReport } from "@detente/unit";
import type { AudienceInput, IntelRow } from "./api/contract.ts";
import { audienceOf } from "./api/statements.ts";
import type { UnitRuntime } from "./unit-runtime.ts";

/** A share that has taken effect and was not withdrawn. */
export interface StandingShare {
  readonly leafHash: string;
  /** Whose it is. */
  readonly party: string;
  /** The logs of all who have made it and stand by it. */
  readonly logs: readonly string[];
  /** Who can read it, and so what is said about it. */
  readonly audience: AudienceInput;
}

/** Every share whose indicators this party may look for. */
export function* standingShares(unit: UnitRuntime): Generator<StandingShare> {
  const views = new Map(unit.indexer.shares().map(({ leafHash, audience }) => [leafHash, audience]));
  for (const [leafHash, view] of views) {
    const thing = unit.archive.fold.thing(leafHash, view);
    const logs = thing === undefined ? [] : standing(thing).map(({ log }) => log);
    if (logs[0] === undefined) continue;
    yield { leafHash, party: unit.membership.nameOf(logs[0]), logs, audience: audienceOf(view) };
  }
}

/** Every statement in effect that shares objects and that its author has not taken back: their versions count. */
export function standingClaims(unit: UnitRuntime): Claim[] {
  const shares = new Map(unit.indexer.shares().map((share) => [share.leafHash, share]));
  return [...shares.values()].flatMap(({ kind, leafHash, audience }) => {
    const thing = kind === "objects" ? unit.archive.fold.thing(leafHash, audience) : undefined;
    const share = present(fromHex(leafHash), "a leaf hash");
    return thing === undefined ? [] : standing(thing).map(({ log, index }) => ({ log, index, share }));
  });
}

/** The shares that took effect and were taken back by all who had made them. */
export function withdrawnShares(unit: UnitRuntime): Set<string> {
  const withdrawn = unit.indexer.shares().filter(({ leafHash, audience }) => {
    const thing = unit.archive.fold.thing(leafHash, audience);
    return thing !== undefined && standing(thing).length === 0;
  });
  return new Set(withdrawn.map(({ leafHash }) => leafHash));
}

/**
 * The statements of a share that nobody has taken back. Another party can put the same leaf into its own log, but each
 * author can take back its own statement only.
 */
export function standing(thing: ThingReport): readonly StatementReport[] {
  return thing.statements.filter(({ log }) => !thing.withdrawnBy.includes(log));
}

/** Whose share it is, of those who have not taken it back. */
export function authorOf(thing: ThingReport | undefined): StatementReport | undefined {
  return thing === undefined ? undefined : standing(thing)[0];
}

export function statusOf(thing: ThingReport | undefined): IntelRow["status"] {
  if (thing === undefined) return "pending";
  return authorOf(thing) === undefined ? "withdrawn" : "effective";
}
