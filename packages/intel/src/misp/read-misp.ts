import { opinionKey } from "../gate/judge.ts";
import { fitsDescription, fitsLabel, type ItemFacts, MAX_LABELS } from "../item.ts";
import type { Collector, Where } from "../read/collector.ts";
import { isObject, type JsonDocument, type JsonObject, objectsOf, textOf } from "../read/json-document.ts";
import { quote } from "../text.ts";
import { parseTime } from "../time.ts";
import {
  type AttributeForm,
  categoryLabel,
  defaultCategory,
  formLabel,
  formOf,
  isCategory,
  isDefaultForm,
  partsOfAttribute,
  piecesOf,
} from "./attribute-type.ts";
import { obstacleTo, type SharingGoal } from "./distribution.ts";
import { Sightings } from "./sightings.ts";
import { isMarking, meaningOf } from "./tags.ts";

/** Whether a document is a MISP event, a list of them, or an answer of MISP's search. */
export function isMisp(root: unknown): boolean {
  return eventsOf(root).length > 0;
}

/**
 * Reads the attributes of MISP events and of the objects in them (the MISP core format, draft-dulaunoy-misp-core-format).
 * What has no counterpart among indicators is rejected or counted, piece by piece.
 * @param goal where the indicators are to go; what must not go there is rejected
 */
export function readMisp(document: JsonDocument, into: Collector, goal?: SharingGoal): void {
  for (const { event, path } of eventsOf(document.root)) new EventReader(event, path, document, into, goal).read();
}

interface Event {
  readonly event: JsonObject;
  readonly path: string;
}

function eventsOf(value: unknown, path = ""): readonly Event[] {
  if (Array.isArray(value)) return value.flatMap((inner, i) => eventsOf(inner, `${path}[${i}]`));
  if (!isObject(value)) return [];
  const below = (member: string): string => (path === "" ? member : `${path}.${member}`);
  if (isObject(value["Event"])) return [{ event: value["Event"], path: below("Event") }];
  if (value["response"] !== undefined) return eventsOf(value["response"], below("response"));
  return Array.isArray(value["Attribute"]) ? [{ event: value, path }] : [];
}

/** Parts of an event that hold no indicator; `RelatedEvent` and the like are the server's own and not counted. */
const PASSED_OVER = ["EventReport", "ShadowAttribute", "Sighting", "Note", "Opinion", "Relationship"] as const;

class EventReader {
  readonly #event: JsonObject;
  readonly #path: string;
  readonly #document: JsonDocument;
  readonly #into: Collector;
  readonly #goal: SharingGoal | undefined;
  readonly #tags: readonly string[];
  readonly #sightings: Sightings;
  /** By value, the labels of all forms in which it stands. */
  readonly #forms = new Map<string, Set<string>>();

  constructor(event: JsonObject, path: string, document: JsonDocument, into: Collector, goal?: SharingGoal) {
    this.#event = event;
    this.#path = path === "" ? "" : `${path}.`;
    this.#document = document;
    this.#into = into;
    this.#goal = goal;
    this.#tags = this.#tagsOf(event);
    this.#sightings = new Sightings(event);
  }

  read(): void {
    const objects = objectsOf(this.#event["Object"]);
    for (const holder of [this.#event, ...objects]) this.#noteForms(holder);
    this.#readAttributes(this.#event, this.#path, [this.#event]);
    for (const [i, object] of objects.entries()) {
      this.#readAttributes(object, `${this.#path}Object[${i}].`, [this.#event, object]);
      this.#into.ignore(`bonds of MISP objects ${quote(textOf(object["name"]))}, whose attributes are read one by one`);
      this.#into.ignore("references between MISP objects", objectsOf(object["ObjectReference"]).length);
    }
    for (const name of PASSED_OVER) this.#into.ignore(`${name} of MISP events`, objectsOf(this.#event[name]).length);
  }

  #noteForms(holder: JsonObject): void {
    for (const attribute of objectsOf(holder["Attribute"])) {
      for (const { text, form } of partsIn(attribute)) {
        const key = text.trim().toLowerCase();
        const known = this.#forms.get(key);
        if (known === undefined) this.#forms.set(key, new Set([formLabel(form)]));
        else known.add(formLabel(form));
      }
    }
  }

  #readAttributes(holder: JsonObject, path: string, holders: readonly JsonObject[]): void {
    for (const [i, attribute] of objectsOf(holder["Attribute"]).entries()) {
      const where = { place: `${path}Attribute[${i}]`, line: () => this.#document.lineOf(attribute) };
      this.#readAttribute(attribute, where, holders);
    }
  }

  #readAttribute(attribute: JsonObject, where: Where, holders: readonly JsonObject[]): void {
    const into = this.#into;
    const text = textOf(attribute["value"]);
    const type = textOf(attribute["type"]);
    if ([...holders, attribute].some((holder) => isSet(holder["deleted"])))
      return into.reject(where, text, "deleted", "the attribute was deleted in MISP");
    const parts = partsIn(attribute);
    if (parts.length === 0) {
      const reason = `attributes of type ${JSON.stringify(type.slice(0, 60))} are no indicators that can be shared`;
      return into.reject(where, text, "unsupported-type", reason);
    }
    if (attribute["to_ids"] !== undefined && !isSet(attribute["to_ids"])) {
      const reason = "its author did not mark it for detection; set to_ids to share it";
      return into.reject(where, text, "not-for-detection", reason);
    }
    // A search for attributes answers each with the head of its event, and of its object.
    const heads = [attribute["Event"], attribute["Object"]].filter(isObject);
    const meaning = meaningOf([...[attribute, ...heads].flatMap((head) => this.#tagsOf(head)), ...this.#tags]);
    const obstacle = this.#goal && obstacleTo(this.#goal, [...holders, ...heads, attribute], meaning.marking);
    if (obstacle !== undefined) return into.reject(where, text, "not-for-audience", obstacle);
    if (attribute["data"] !== undefined) into.ignore("files in MISP attributes");
    const facts = this.#factsOf(attribute, holders.at(-1) as JsonObject, where, meaning);
    for (const { text: piece, form, allowed } of parts) {
      const all = [...facts.labels, ...this.#labelsOf(form, piece, attribute)];
      const labels = all.filter((label) => this.#isWhole(label, text, where)).slice(0, MAX_LABELS);
      if (all.length > MAX_LABELS)
        into.remark(where, text, "label-left-out", `it has ${all.length} tags and forms, ${MAX_LABELS} are kept`);
      const item = into.add(where, piece, allowed, { ...facts, labels });
      if (item !== undefined) this.#sightings.tell(attribute, opinionKey(item), into);
    }
  }

  /** What export needs to write the attribute as it stood. */
  #labelsOf(form: AttributeForm, piece: string, attribute: JsonObject): string[] {
    const forms = this.#forms.get(piece.trim().toLowerCase());
    const isUsual = isDefaultForm(form) && forms?.size === 1;
    const category = textOf(attribute["category"]);
    const isUsualCategory = !isCategory(category) || category === defaultCategory(form.type);
    return [...(isUsual ? [] : [formLabel(form)]), ...(isUsualCategory ? [] : [categoryLabel(category)])];
  }

  #factsOf(
    attribute: JsonObject,
    holder: JsonObject,
    where: Where,
    { labels, confidence, source }: ReturnType<typeof meaningOf>,
  ): ItemFacts & { readonly labels: readonly string[] } {
    const comment = textOf(attribute["comment"]);
    if (!fitsDescription(comment))
      this.#into.remark(
        where,
        comment,
        "text-cut",
        "its comment was cut, or brought to one line without control characters",
      );
    const seen = (member: string): number | undefined => {
      const text = textOf(attribute[member] ?? (holder === this.#event ? undefined : holder[member]));
      const time = parseTime(text);
      if (text !== "" && time === undefined)
        this.#into.remark(where, text, "bad-time", `${member} ${quote(text)} is no time and was left out`);
      return time;
    };
    const first = seen("first_seen");
    const last = seen("last_seen");
    const isReversed = first !== undefined && last !== undefined && first > last;
    if (isReversed)
      this.#into.remark(where, "", "bad-time", "it was seen last before it was seen first; both were left out");
    return {
      labels,
      description: comment,
      confidence,
      ...(isReversed ? {} : { first, last }),
      until: this.#sightings.expiryOf(attribute),
      source: source ?? textOf(attribute["uuid"]),
    };
  }

  /** Labels are shorter than MISP's tags may be: one that would be cut is left out, and said so. */
  #isWhole(label: string, text: string, where: Where): boolean {
    if (fitsLabel(label)) return true;
    this.#into.remark(where, text, "label-left-out", `the tag or form ${quote(label)} does not fit into a label`);
    return false;
  }

  /**
   * Names of tags, of clusters of galaxies too. A tag that its server keeps to itself is none of ours, unless it keeps
   * more than itself: analysts mark with local tags what others wrote.
   */
  #tagsOf(holder: JsonObject): readonly string[] {
    const tags = objectsOf(holder["Tag"]).filter((tag) => {
      const isLocal = isSet(tag["local"]) || tag["exportable"] === false || tag["exportable"] === "0";
      const isKept = isLocal && !isMarking(textOf(tag["name"]));
      if (isKept) this.#into.ignore("tags that MISP keeps to itself");
      return !isKept;
    });
    const clusters = objectsOf(holder["Galaxy"]).flatMap((galaxy) => objectsOf(galaxy["GalaxyCluster"]));
    const names = [...tags.map(({ name }) => name), ...clusters.map(({ tag_name: name }) => name)].map(textOf);
    return [...new Set(names)].filter((name) => name !== "");
  }
}

interface AttributePart {
  readonly text: string;
  readonly form: AttributeForm;
  readonly allowed: Parameters<Collector["add"]>[2];
}

/** The parts of an attribute that may be indicators; none if its type has no counterpart. */
function partsIn(attribute: JsonObject): AttributePart[] {
  const type = textOf(attribute["type"]);
  const parts = type === "" ? undefined : partsOfAttribute(type);
  if (parts === undefined) return [];
  const pieces = piecesOf(textOf(attribute["value"]), parts);
  return parts.flatMap((part, i) =>
    part === undefined ? [] : [{ text: pieces[i] ?? "", form: formOf(type, pieces, i), allowed: part.allowed }],
  );
}

/** MISP writes its booleans as true, "1" or 1. */
function isSet(value: unknown): boolean {
  return value === true || value === 1 || value === "1";
}
