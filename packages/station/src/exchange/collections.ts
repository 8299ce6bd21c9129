import { uuid5 } from "@detente/intel";
import type { Caller } from "../setup/callers.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { audienceOf } from "../api/statements.ts";
import type { TaxiiCollection } from "./access.ts";

/** Under which the ids of collections are names; drawn once for this purpose. */
const NAMESPACE = "5f0d3d1e-2f64-4f3e-9d27-8c1c1b0a7e55";

/** The collection of what was shared with an audience (`audienceKey`): the same id at every station of the unit. */
export function sharedCollectionId(unit: string, view: string): string {
  return uuid5(NAMESPACE, `${unit} shared ${view}`);
}

/** The collection of what is pulled from a server outside, by the name that station.json gives it. */
export function pulledCollectionId(unit: string, name: string): string {
  return uuid5(NAMESPACE, `${unit} pulled ${name}`);
}

/**
 * What a caller may see: with `taxii:read` the collection of what was shared with the whole unit, with `taxii:sealed`
 * besides one for each narrower audience that this party belongs to, and one for each that is pulled from elsewhere:
 * those are this party's alone.
 * @param pulled the names of those
 */
export function collectionsFor(
  caller: Caller,
  unit: UnitRuntime,
  pulled: readonly string[],
): readonly TaxiiCollection[] {
  const may = (scope: string): boolean => caller.role === "officer" || caller.scopes.has(scope);
  const views = unit.archive.fold.views().filter((view) => view !== "unit");
  const shared = [...(may("taxii:read") ? ["unit"] : []), ...(may("taxii:sealed") ? views : [])];
  return [
    ...shared.map((view) => sharedCollection(unit, view)),
    ...(may("taxii:sealed") ? pulled.map((name) => pulledCollection(unit, name)) : []),
  ];
}

function sharedCollection(unit: UnitRuntime, view: string): TaxiiCollection {
  const audience = audienceOf(view);
  const readers = audience === "unit" ? "the whole unit" : audience.join(", ");
  return {
    id: sharedCollectionId(unit.archive.fold.unit, view),
    title: `Shared with ${readers}`,
    description: "Indicators of shares that have taken effect and were not withdrawn, as their authors stated them",
    ...(audience === "unit" ? { alias: "shared" } : {}),
    canRead: true,
    canWrite: false,
  };
}

function pulledCollection(unit: UnitRuntime, name: string): TaxiiCollection {
  return {
    id: pulledCollectionId(unit.archive.fold.unit, name),
    title: `pulled/${name}`,
    description: "Objects of a server outside, as it gives them; nobody here has shared them",
    alias: `pulled-${name}`,
    canRead: true,
    canWrite: false,
  };
}
