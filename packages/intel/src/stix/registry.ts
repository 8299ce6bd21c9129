import type { JsonObject } from "../read/json-document.ts";
import { COMMON } from "./common.ts";
import { DOMAIN_OBJECTS } from "./domain-objects.ts";
import { extensionTypes } from "./extensions.ts";
import type { Form, ViewOf } from "./form.ts";
import { OBSERVABLES } from "./observables.ts";
import { META_OBJECTS, RELATIONSHIP_OBJECTS } from "./other-objects.ts";

type Core = typeof DOMAIN_OBJECTS & typeof RELATIONSHIP_OBJECTS;
type CoreViews = { readonly [T in keyof Core]: ViewOf<(typeof COMMON)["core"]> & ViewOf<Core[T]> };
type ObservableViews = {
  readonly [T in keyof typeof OBSERVABLES]: ViewOf<(typeof COMMON)["observable"]> & ViewOf<(typeof OBSERVABLES)[T]>;
};
type MetaViews = {
  readonly [T in keyof typeof META_OBJECTS]: ViewOf<(typeof COMMON)[T]> & ViewOf<(typeof META_OBJECTS)[T]>;
};

/** The parsed view of each object type of STIX 2.1: `StixViews["indicator"]`. */
export type StixViews = CoreViews & ObservableViews & MetaViews;
export type StixType = keyof StixViews;

/** `custom`: a type that STIX 2.1 does not have; whether it is a domain object or an observable is not known. */
export type StixClass = "domain" | "relationship" | "observable" | "meta" | "custom";

type Table = Readonly<Record<string, Form>>;

/** What is known of a type: its class, its properties, and whether these are all. */
interface TypeEntry {
  readonly class: StixClass;
  readonly table: Table;
  readonly isClosed: boolean;
}

const TYPES: ReadonlyMap<string, TypeEntry> = new Map([
  ...entriesOf("domain", DOMAIN_OBJECTS, () => COMMON.core),
  ...entriesOf("relationship", RELATIONSHIP_OBJECTS, () => COMMON.core),
  ...entriesOf("observable", OBSERVABLES, () => COMMON.observable),
  ...entriesOf("meta", META_OBJECTS, (type) => COMMON[type as keyof typeof META_OBJECTS]),
]);

/** Nothing but type and id is certain, but what has a common property's name has its form. */
const CUSTOM: TypeEntry = {
  class: "custom",
  table: {
    ...Object.fromEntries(Object.entries(COMMON.core).map(([name, form]) => [name, form.replace("!", "")])),
    type: COMMON.core.type,
    id: COMMON.core.id,
  },
  isClosed: false,
};
const CUSTOM_OBSERVABLE: TypeEntry = { class: "observable", table: COMMON.observable, isClosed: false };

/** What is known of an object's type; a custom type is what its extension says it is (STIX 2.1 §7.3). */
export function typeEntry(type: string, object: JsonObject): TypeEntry {
  return TYPES.get(type) ?? (extensionTypes(object).has("new-sco") ? CUSTOM_OBSERVABLE : CUSTOM);
}

function entriesOf(
  kind: StixClass,
  tables: Readonly<Record<string, Table>>,
  common: (type: string) => Table,
): [string, TypeEntry][] {
  return Object.entries(tables).map(([type, own]) => [
    type,
    { class: kind, table: { ...common(type), ...own }, isClosed: true },
  ]);
}
