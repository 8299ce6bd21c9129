import { sha256, utf8 } from "@detente/basics";
import { uuid4 } from "@detente/intel";
import type { Caller } from "../setup/callers.ts";
import type { Scope } from "../vocabulary.ts";
import type { UnitRuntime } from "../unit-runtime.ts";
import { audienceOf } from "../api/statements.ts";
import type { TaxiiCollection } from "./access.ts";
import { drawerOf } from "./release/drawers.ts";

/**
 * TAXII takes UUIDs of version 4 alone (§2, identifier), and every station of a unit should give a collection the same:
 * the pseudo-random bits are those of a digest of its name.
 */
function collectionId(name: string): string {
  return uuid4(sha256(utf8(`detente collection ${name}`)));
}

/** The collection of what was shared with an audience (`audienceKey`): the same id at every station of the unit. */
export function sharedCollectionId(unit: string, view: string): string {
  return collectionId(`${unit} shared ${view}`);
}

/** The collection of what one party, known by its log, shared with an audience. */
export function partyCollectionId(unit: string, view: string, log: string): string {
  return collectionId(`${unit} shared ${view} by ${log}`);
}

/** The collection of what is pulled from a server outside, by the name that station.json gives it. */
export function pulledCollectionId(unit: string, name: string): string {
  return collectionId(`${unit} pulled ${name}`);
}

/**
 * What a caller may see: with `taxii:read` the collections of what was shared with the whole unit, with `taxii:write` that
 * of what is to be; with `taxii:sealed` besides those for each narrower audience that this party belongs to, and those
 * that are pulled from elsewhere: these are this party's alone.
 * @param pulled the names of those
 */
export function collectionsFor(
  caller: Caller,
  unit: UnitRuntime,
  pulled: readonly string[],
): readonly TaxiiCollection[] {
  const may = (scope: Scope): boolean => caller.role === "officer" || caller.scopes.has(scope);
  const views = unit.archive.fold.views().filter((view) => view !== "unit");
  const read = [...(may("taxii:read") ? ["unit"] : []), ...(may("taxii:sealed") ? views : [])];
  const written = may("taxii:write") ? ["unit", ...(may("taxii:sealed") ? views : [])] : [];
  return [
    ...read.flatMap((view) => sharedCollections(unit, view)),
    ...written.map((view) => releaseCollection(unit, view, sourceOf(caller))),
    ...(may("taxii:sealed") ? pulled.map((name) => pulledCollection(unit, name)) : []),
  ];
}

/** The view that is the audience of a release collection. */
export function viewOfRelease(unit: UnitRuntime, collection: string): string | undefined {
  const { fold } = unit.archive;
  return ["unit", ...fold.views()].find((view) => releaseCollectionId(fold.unit, view) === collection);
}

/** The collection of what tools bring to be shared with an audience. */
function releaseCollectionId(unit: string, view: string): string {
  return collectionId(`${unit} release ${view}`);
}

/** Under what name is kept what a caller brings: the same for the same token. */
export function sourceOf(caller: Caller): string {
  return caller.role === "officer" ? "officer" : caller.id;
}

/** Each tool reads what it has brought itself: that is no other's business, and only an officer sees all that waits. */
function releaseCollection(unit: UnitRuntime, view: string, source: string): TaxiiCollection {
  const audience = audienceOf(view);
  const readers = audience === "unit" ? "the whole unit" : audience.join(", ");
  return {
    id: releaseCollectionId(unit.archive.fold.unit, view),
    title: `To be shared with ${readers}`,
    description:
      "What is added here is shared once an officer of this party, or a rule that an officer has set, releases it. It shows what this token has added that waits, or was shared from here and was not withdrawn",
    ...(audience === "unit" ? { alias: "release" } : {}),
    keptAs: drawerOf({ view, source }),
    canRead: true,
    canWrite: true,
  };
}

/** All that was shared with an audience, and besides what each of its parties shared. */
function sharedCollections(unit: UnitRuntime, view: string): TaxiiCollection[] {
  const audience = audienceOf(view);
  const readers = audience === "unit" ? "the whole unit" : audience.join(", ");
  const { fold } = unit.archive;
  const authors = fold.members().filter(({ name }) => audience === "unit" || audience.includes(name));
  const rights = { canRead: true, canWrite: false };
  return [
    {
      id: sharedCollectionId(fold.unit, view),
      title: `Shared with ${readers}`,
      description:
        "What shares hold that have taken effect and were not withdrawn. A STIX id stands here as the party stated it that was first",
      ...(audience === "unit" ? { alias: "shared" } : {}),
      ...rights,
    },
    ...authors.map(({ name, origin }) => ({
      id: partyCollectionId(fold.unit, view, origin),
      title: `Shared with ${readers} by ${name}`,
      description: "What this party alone stated, as it stated it",
      ...(audience === "unit" ? { alias: `shared-by-${name}` } : {}),
      ...rights,
    })),
  ];
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
