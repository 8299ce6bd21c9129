import { type Tlp, TLP_LABELS } from "@detente/record/vocabulary";
import { isObject, type JsonObject, objectsOf } from "../read/json-document.ts";

/** The extension that defines TLP 2.0 for STIX 2.1 (OASIS CTI, stix-common-objects). */
const TLP_2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/** The marking definitions of TLP 2.0 (OASIS CTI, stix-common-objects), one for each label. */
export const TLP_MARKINGS: Readonly<Record<Tlp, string>> = {
  clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
  green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
  "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
  red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

/**
 * The definitions of TLP 1 (STIX 2.1 §7.2.1.4) as what they are in TLP 2.0. Its AMBER went to clients too, as AMBER
 * does; AMBER+STRICT is new.
 */
const TLP_1_MARKINGS: Readonly<Record<string, Tlp>> = {
  "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
  "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
  "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
  "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
};

const TLP_OF_ID: ReadonlyMap<string, Tlp> = new Map([
  ...Object.entries(TLP_1_MARKINGS),
  ...TLP_LABELS.map((label) => [TLP_MARKINGS[label], label] as const),
]);

/** The strictest of some labels; `undefined` where there is none. */
export function strictestTlp(labels: Iterable<Tlp | undefined>): Tlp | undefined {
  let strictest = -1;
  for (const label of labels) if (label !== undefined) strictest = Math.max(strictest, TLP_LABELS.indexOf(label));
  return TLP_LABELS[strictest];
}

/** What the markings of an object come to. */
export interface Marking {
  /** The strictest label on the object or any part of it; `undefined` where there is none. */
  readonly tlp: Tlp | undefined;
  /** Statements (copyright, terms of use), which people must read. */
  readonly statements: readonly string[];
  /** Markings whose definition is not at hand or of no known type: nobody can say whom they exclude. */
  readonly unknown: readonly string[];
}

/**
 * Puts the markings of an object together (STIX 2.1 §7.2). What is marked in parts is handled as its strictest part,
 * because the object is passed on in its source's bytes, whole.
 * @param object a checked STIX object
 * @param definitions the marking definitions at hand, by id; those of TLP are known without
 */
export function markingOf(object: JsonObject, definitions: ReadonlyMap<string, JsonObject>): Marking {
  const whole = (object["object_marking_refs"] ?? []) as readonly string[];
  const parts = objectsOf(object["granular_markings"]).flatMap(({ marking_ref: id }) =>
    typeof id === "string" ? [id] : [],
  );
  const statements: string[] = [];
  const unknown: string[] = [];
  const labels: Tlp[] = [];
  for (const id of new Set([...whole, ...parts])) {
    const definition = definitions.get(id);
    const label = TLP_OF_ID.get(id) ?? tlpOf(definition);
    const statement = statementOf(definition);
    if (label !== undefined) labels.push(label);
    else if (statement !== undefined) statements.push(statement);
    else unknown.push(id);
  }
  return { tlp: strictestTlp(labels), statements, unknown };
}

export function isStricter(one: Tlp, other: Tlp): boolean {
  return TLP_LABELS.indexOf(one) > TLP_LABELS.indexOf(other);
}

/** TLP 2.0 as the extension writes it; other definitions of TLP must not exist (STIX 2.1 §7.2.1.4) and stay unknown. */
function tlpOf(definition: JsonObject | undefined): Tlp | undefined {
  const extensions = definition?.["extensions"];
  const extension = isObject(extensions) ? extensions[TLP_2] : undefined;
  const label = isObject(extension) ? extension["tlp_2_0"] : undefined;
  return TLP_LABELS.find((known) => known === label);
}

function statementOf(definition: JsonObject | undefined): string | undefined {
  const content = definition?.["definition"];
  const statement =
    isObject(content) && definition?.["definition_type"] === "statement" ? content["statement"] : undefined;
  return typeof statement === "string" ? statement : undefined;
}
