import { Type } from "typebox";
import { type CharterDocument, charterFlaw, charterSchema } from "../charter.ts";
import { closed, collection, hex64, integer, line, text } from "../forms.ts";
import { MAX_BLOB_BYTES, MAX_ITEMS, MAX_OBJECTS } from "../limits.ts";
import { keyFlaw } from "../party-file.ts";
import { type Shape, shape } from "../shape.ts";
import { type IndicatorKind, KEY_ROLES, type KeyRole, type Tlp, TLP_LABELS } from "../vocabulary.ts";
import { matchSet, type MatchSetContent } from "./match.ts";
import { meeting, type MeetingContent } from "./meeting.ts";

/** Proposes a charter: the founding one, or an amendment of the one that `base` names. */
export interface CharterContent {
  readonly charter: CharterDocument;
}

/** Replaces the author's key of one role by the one whose digest was committed to before. */
export interface KeysContent {
  readonly role: KeyRole;
  /** A verifier key, or base64 for `transport`. */
  readonly key: string;
  /** The digest of the key that will follow this one. */
  readonly next: string;
}

/** Shares a list of indicators; they are in a blob that can be erased (see `share-items.ts`). */
export interface ShareContent {
  readonly title: string;
  readonly tlp: Tlp;
  readonly collection: { readonly root: string; readonly count: number };
  /** The blob of the items; `size` in bytes. */
  readonly items: { readonly digest: string; readonly size: number };
  /** How many of each kind; adds up to the collection's count. */
  readonly kinds: { readonly [Kind in IndicatorKind]?: number };
  readonly source?: string;
}

/** Shares STIX objects in the bytes of their sources; they are in a blob that can be erased (see `share-objects.ts`). */
export interface ObjectsContent {
  readonly title: string;
  readonly tlp: Tlp;
  readonly collection: { readonly root: string; readonly count: number };
  /** The blob of the objects; `size` in bytes. */
  readonly items: { readonly digest: string; readonly size: number };
  readonly source?: string;
}

/** A thing put on the table in words. */
export interface TopicContent {
  readonly title: string;
  readonly text: string;
}

export interface OpenContents {
  readonly "open/charter": CharterContent;
  readonly "open/keys": KeysContent;
  readonly "open/share": ShareContent;
  readonly "open/match-set": MatchSetContent;
  readonly "open/meeting": MeetingContent;
  readonly "open/objects": ObjectsContent;
  readonly "open/question": TopicContent;
  readonly "open/case": TopicContent;
  readonly "open/accord": TopicContent;
  readonly "open/finding": TopicContent;
}

const topic: Shape<TopicContent> = shape<TopicContent>()(closed({ title: line(200), text: text(20_000) }));

const tlp = Type.Enum([...TLP_LABELS]);
const blob = closed({ digest: hex64, size: integer(1, MAX_BLOB_BYTES) });
const amount = Type.Optional(integer(1, MAX_ITEMS));

export const openShapes: { readonly [Name in keyof OpenContents]: Shape<OpenContents[Name]> } = {
  "open/charter": shape<CharterContent>(({ charter }, place) => charterFlaw(charter, `${place}.charter`))(
    closed({ charter: charterSchema }),
  ),
  "open/keys": shape<KeysContent>(({ role, key }, place) => {
    const flaw = keyFlaw(role, key);
    return flaw === undefined ? undefined : `${place}.key: ${flaw}`;
  })(
    closed({
      role: Type.Enum([...KEY_ROLES]),
      key: Type.String({ maxLength: 512, description: "a key of at most 512 characters" }),
      next: hex64,
    }),
  ),
  "open/share": shape<ShareContent>(({ kinds, collection: { count } }, place) => {
    let total = 0;
    for (const ofKind of Object.values(kinds)) total += ofKind;
    return total === count ? undefined : `${place}.kinds: must add up to the collection's count`;
  })(
    closed({
      title: line(200),
      tlp,
      collection,
      items: blob,
      kinds: closed({
        domain: amount,
        ipv4: amount,
        ipv6: amount,
        cidr4: amount,
        cidr6: amount,
        url: amount,
        email: amount,
        md5: amount,
        sha1: amount,
        sha256: amount,
        ja3: amount,
        ja4: amount,
      }),
      source: Type.Optional(line(500)),
    }),
  ),
  "open/match-set": matchSet,
  "open/meeting": meeting,
  "open/objects": shape<ObjectsContent>()(
    closed({
      title: line(200),
      tlp,
      collection: closed({ root: hex64, count: integer(1, MAX_OBJECTS) }),
      items: blob,
      source: Type.Optional(line(500)),
    }),
  ),
  "open/question": topic,
  "open/case": topic,
  "open/accord": topic,
  "open/finding": topic,
};
