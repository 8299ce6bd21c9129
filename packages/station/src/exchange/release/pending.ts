import type { VerdictLabel } from "@detente/intel";
import type { ObjectsContent } from "@detente/record";
import type { PendingRelease } from "../../api/release-contract.ts";
import { audienceOf } from "../../api/statements.ts";
import type { Intent } from "../../speak/say-once.ts";

/** What a tool has brought at once, and nobody was told of yet. Its objects lie in the very blob that the share would name. */
export interface PendingShare {
  readonly id: string;
  /** Of the token. */
  readonly source: string;
  /** The audience, as a view is named (`audienceKey`). */
  readonly view: string;
  /** When it came, in milliseconds since 1970. */
  readonly came: number;
  /** What would be said. */
  readonly content: ObjectsContent;
  /** How many objects of each type of STIX. */
  readonly types: Readonly<Record<string, number>>;
  /** How many objects with indicators the gate labels how. */
  readonly labels: { readonly [Label in VerdictLabel]?: number };
  /** Why no rule has released it; null where one has. */
  readonly why: string | null;
  /** Who has let it out; null while that is an officer's to decide. */
  readonly releasedBy: "officer" | "rule" | null;
  /** Since it was first tried to say it. */
  readonly intent: Intent | null;
}

/** What was shared out of a release collection: there it is shown until it is withdrawn. */
export interface SharedFromHere extends Pick<PendingShare, "id" | "source" | "view" | "content"> {
  /** Of the statement, in hex. */
  readonly leafHash: string;
}

export function shownRelease({
  id,
  source,
  view,
  came,
  content,
  types,
  labels,
  why,
  releasedBy,
}: PendingShare): PendingRelease {
  const { title, tlp, collection, items } = content;
  const what = { title, tlp, objects: collection.count, bytes: items.size, types, labels };
  return { id, source, audience: audienceOf(view), came, ...what, why, releasedBy };
}
