import type { Json } from "@detente/basics";
import type { Audience, Tlp } from "@detente/record";
import { LAST_TIME, NAMESPACE, stixIdentityId, stixIndicatorId } from "../export/stix-indicator.ts";
import type { Item } from "../item.ts";
import { cleanText } from "../text.ts";
import { uuid5 } from "../uuid.ts";
import { defaultCategory, formsFrom, valueIn } from "./attribute-type.ts";
import { distributionOf, groupName } from "./distribution.ts";
import { hashesOf } from "./hashes.ts";
import { confidenceTag, isMarking, sourceTag } from "./tags.ts";

/** A share as an event is made of it. */
export interface MispShare {
  /** Leaf hash. */
  readonly share: string;
  readonly party: string;
  readonly title: string;
  readonly tlp: Tlp;
  /** Where it is not known, nobody else is to have it. */
  readonly audience: Audience | undefined;
  /** When it was shared, in milliseconds since 1970. */
  readonly at: number;
  readonly items: readonly MispShareItem[];
  /** Of a share that is too large for one event, which part this is: from 0. */
  readonly part?: number;
}

export interface MispShareItem {
  readonly index: number;
  readonly item: Item;
  /** Whether it may be acted upon; true unless a gate has judged otherwise. */
  readonly toIds?: boolean;
}

/** A share in the core format, and what a feed says of it. */
export interface RenderedEvent {
  readonly uuid: string;
  /** `{"Event": {…}}` */
  readonly document: Json;
  /** As `manifest.json` has it. */
  readonly manifest: { readonly [member: string]: Json };
  readonly hashes: ReadonlySet<string>;
  /** Items of kinds that MISP has no attribute type for, by index. */
  readonly leftOut: readonly number[];
}

/** FIRST, TLP 2.0: the colours of the labels. */
const TLP_COLOURS: Readonly<Record<Tlp, string>> = {
  clear: "#ffffff",
  green: "#33ff00",
  amber: "#ffc000",
  "amber+strict": "#ffc000",
  red: "#ff2b2b",
};
const COLOUR = "#607d8b";
const MAX_INFO = 255;
/** As long as a description may be. */
const MAX_COMMENT = 4000;

/** The UUID of the event that stands for a share, or for a part of it: the same at every station. */
export function mispEventId(share: string, part = 0): string {
  return uuid5(NAMESPACE, part === 0 ? `event ${share}` : `event ${share} ${part}`);
}

/**
 * A share as a MISP event (core format): one attribute for each item, with the UUID that its indicator has in STIX, and
 * one for each further form in which its source had it. Deterministic: the same share gives the same event. Tags that
 * all items have are the event's, because attributes inherit them.
 */
export function renderMispEvent(share: MispShare): RenderedEvent {
  const { part = 0 } = share;
  const uuid = mispEventId(share.share, part);
  // Authors may claim times that no calendar of four digits has.
  const at = Math.min(share.at, LAST_TIME);
  const seconds = Math.floor(at / 1000);
  const common = commonLabels(share.items);
  const leftOut: number[] = [];
  const attributes = new Map<string, { readonly [member: string]: Json }>();
  for (const one of share.items) {
    const rendered = attributesOf(share.share, one, common, String(seconds));
    if (rendered.length === 0) leftOut.push(one.index);
    for (const attribute of rendered) {
      const { uuid: _, Sighting: __, ...rest } = attribute;
      // Both halves of a composite give the same attribute.
      const key = JSON.stringify(rest);
      if (!attributes.has(key)) attributes.set(key, attribute);
    }
  }
  const organisation = {
    uuid: stixIdentityId(share.party).slice("identity--".length),
    name: cleanText(share.party, MAX_INFO),
  };
  const tags = [tagOf(`tlp:${share.tlp}`, TLP_COLOURS[share.tlp]), ...[...common].map((label) => tagOf(label))];
  const described = {
    Orgc: organisation,
    Tag: tags,
    info: cleanText(part === 0 ? share.title : `${share.title} (${part + 1})`, MAX_INFO),
    date: new Date(at).toISOString().slice(0, 10),
    analysis: "2",
    threat_level_id: "4",
    timestamp: String(seconds),
  };
  const event = {
    ...described,
    uuid,
    Org: organisation,
    published: true,
    publish_timestamp: String(seconds),
    distribution: distributionOf(share.audience, share.tlp),
    sharing_group_id: "0",
    ...groupOf(share.audience),
    Attribute: [...attributes.values()],
  };
  return { uuid, document: { Event: event }, manifest: described, hashes: hashesOf(attributes.values()), leftOut };
}

function attributesOf(
  share: string,
  { index, item, toIds = true }: MispShareItem,
  common: ReadonlySet<string>,
  timestamp: string,
): { readonly [member: string]: Json }[] {
  const { forms, category, rest } = formsFrom(item.kind, labelsOf(item));
  const id = stixIndicatorId(share, index).slice("indicator--".length);
  const stated = item.confidence === undefined ? undefined : confidenceTag(item.confidence, rest);
  const tags = [
    ...rest.filter((label) => !common.has(label)),
    ...(stated === undefined ? [] : [stated]),
    ...(item.source === undefined ? [] : [sourceTag(item.source)]),
  ];
  return forms.map((form, i) => {
    const uuid = i === 0 ? id : uuid5(NAMESPACE, `item ${share}:${index} ${form.type} ${form.companion ?? ""}`);
    return {
      uuid,
      type: form.type,
      category: category ?? defaultCategory(form.type),
      value: valueIn(item.kind, item.value, form),
      to_ids: toIds,
      distribution: "5",
      sharing_group_id: "0",
      timestamp,
      comment: cleanText(item.description ?? "", MAX_COMMENT),
      deleted: false,
      disable_correlation: false,
      ...(item.first === undefined ? {} : { first_seen: seen(item.first) }),
      ...(item.last === undefined ? {} : { last_seen: seen(item.last) }),
      ...(tags.length === 0 ? {} : { Tag: tags.map((name) => tagOf(name)) }),
      ...(item.until === undefined
        ? {}
        : { Sighting: [{ uuid, type: "2", date_sighting: String(Math.floor(item.until / 1000)) }] }),
    };
  });
}

/**
 * The labels that mean something: those of special addresses are found anew by whoever reads the value, and one that
 * looks like a marking would stand beside the share's as if it were one.
 */
function labelsOf({ labels = [] }: Item): readonly string[] {
  return labels.filter((label) => !label.startsWith("special-use:") && !isMarking(label));
}

function commonLabels(items: readonly MispShareItem[]): ReadonlySet<string> {
  const [first, ...others] = items.map(({ item }) => new Set(formsFrom(item.kind, labelsOf(item)).rest));
  return new Set([...(first ?? [])].filter((label) => others.every((labels) => labels.has(label))));
}

function groupOf(audience: Audience | undefined): { readonly SharingGroup?: Json } {
  if (audience === undefined || audience === "unit") return {};
  const members = audience.map((name) => ({ uuid: stixIdentityId(name).slice("identity--".length), name }));
  return {
    SharingGroup: {
      uuid: uuid5(NAMESPACE, groupName(audience)),
      name: audience.join(", "),
      releasability: "the parties named",
      SharingGroupOrg: members.map((Organisation) => ({ extend: false, Organisation })),
    },
  };
}

function tagOf(name: string, colour: string = COLOUR): Json {
  return { name, colour, exportable: true };
}

/** ISO 8601 with microseconds and the zone as an offset, as MISP writes it. */
function seen(at: number): string {
  return new Date(Math.min(at, LAST_TIME)).toISOString().replace("Z", "000+00:00");
}
