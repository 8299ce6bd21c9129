import { type Bytes, equalBytes, err, fromHex, present, type Result, toHex } from "@detente/basics";
import { cleanText, indicatorsIn, strictestTlp, type Verdict, type VerdictLabel } from "@detente/intel";
import type { Indicator, Tlp } from "@detente/record";
import { type BlobWriter, microsecondText, type StorageFault } from "@detente/store";
import { type Admission, type Admitted, admitObjects } from "../../admission/admit.ts";
import { audienceOf } from "../../api/statements.ts";
import { writeObjects } from "../../speak/objects-draft.ts";
import { Pace } from "../../turn.ts";
import type { Detail } from "../server/adding.ts";
import { statedName } from "../server/stated-name.ts";
import { onDisk } from "./on-disk.ts";
import type { PendingShare } from "./pending.ts";
import type { Shelf } from "./shelf.ts";

export interface TakeOptions {
  readonly shelf: Pick<Shelf, "expect" | "erase">;
  readonly blobs: BlobWriter;
  readonly identities: Admission["identities"];
  /** What the gate says of indicators now. */
  readonly judge: (items: readonly Indicator[]) => Promise<readonly Verdict[]>;
  readonly random: (length: number) => Bytes;
}

/** What became of the objects of an envelope, and what of them waits to be shared. */
export interface Taken {
  readonly successes: readonly Detail[];
  readonly failures: readonly Detail[];
  readonly pending: Omit<PendingShare, "why" | "releasedBy"> | undefined;
}

/** Of objects without any label, as of a share of which nothing is said. */
const DEFAULT_TLP: Tlp = "amber";
const MAX_TEXT = 300;

/**
 * Takes in what a tool brings to be shared: what may not go to the audience fails by itself, with its reason; the others
 * are durable in one blob, the one that the share will name.
 */
export async function takeObjects(
  objects: readonly (Bytes | undefined)[],
  { source, view, now }: { readonly source: string; readonly view: string; readonly now: number },
  { shelf, blobs, identities, judge, random }: TakeOptions,
): Promise<Result<Taken, StorageFault>> {
  const admission = { audience: audienceOf(view), identities, isOwn: false };
  const { admitted, refused } = await admitObjects(objects, admission);
  const at = microsecondText(now * 1000);
  const failures: Detail[] = refused.map(({ index, object, fault }) => ({
    ...(object === undefined
      ? statedName(objects[index], { id: `objects[${index}]`, version: at })
      : nameOf(object, at)),
    message: cleanText(`objects[${index}]: ${fault.message}`, MAX_TEXT),
  }));
  const { kept, conflicting } = await distinct(admitted);
  const conflicts = new Set(conflicting);
  for (const { index, object } of conflicts) {
    failures.push({
      ...nameOf(object, at),
      message: `objects[${index}]: another of this id and version stands before it`,
    });
  }
  const successes = admitted.filter((one) => !conflicts.has(one)).map(({ object }) => nameOf(object, at));
  if (kept.length === 0) return { ok: true, value: { successes, failures, pending: undefined } };
  const drafted = await writeObjects(
    kept.map(({ object }) => object.bytes),
    random(32),
    { title: `${kept.length} objects over TAXII`, tlp: strictestTlp(kept.map(labelOf)) ?? DEFAULT_TLP },
  );
  if (!drafted.ok) throw new Error(`objects that were admitted make a share: ${drafted.fault.message}`);
  const { content, pieces } = drafted.value;
  const { digest, size } = content.items;
  const expected = await onDisk(() => shelf.expect(digest));
  if (!expected.ok) return expected;
  const stored = await blobs.put(present(fromHex(digest), "a digest"), size, pieces);
  if (!stored.ok) {
    await shelf.erase(digest, blobs);
    return err("storage-failed", stored.fault.message);
  }
  const types: Record<string, number> = {};
  for (const { object } of kept) types[object.type] = (types[object.type] ?? 0) + 1;
  const labels = await labelsOf(kept, judge);
  const pending = { id: toHex(random(8)), source, view, came: now, content, types, labels, intent: null };
  return { ok: true, value: { successes, failures, pending } };
}

/** One object that is marked says nothing of those beside it that are not; a definition of a marking is none's secret. */
function labelOf({ object, tlp }: Admitted): Tlp | undefined {
  return tlp ?? (object.type === "marking-definition" ? undefined : DEFAULT_TLP);
}

/** Each once, in its first place: an exact duplicate is no error, another of the same id and version is. */
async function distinct(admitted: readonly Admitted[]): Promise<{ kept: Admitted[]; conflicting: Admitted[] }> {
  const seen = new Map<string, Bytes>();
  const kept: Admitted[] = [];
  const conflicting: Admitted[] = [];
  const pace = new Pace();
  for (const one of admitted) {
    if (pace.isOver) await pace.rest();
    const { id, view, bytes } = one.object;
    const version = view["modified"] ?? view["created"];
    const key = `${id} ${typeof version === "string" ? version : ""}`;
    const known = seen.get(key);
    if (known === undefined) {
      seen.set(key, bytes);
      kept.push(one);
    } else if (!equalBytes(known, bytes)) conflicting.push(one);
  }
  return { kept, conflicting };
}

/** An observable's id by its content is told where its source claims another. */
function nameOf({ id, view, remarks }: Admitted["object"], at: string): Detail {
  const version = view["modified"] ?? view["created"];
  const foreign = remarks.find(({ code }) => code === "foreign-id");
  const message = foreign === undefined ? {} : { message: cleanText(foreign.message, MAX_TEXT) };
  return { id, version: typeof version === "string" ? version : at, ...message };
}

/**
 * An object is labelled as the least enforceable of its indicators is. An indicator in which the gate finds nothing to
 * judge (a pattern that does more than list values, or in another language) is for people: no rule may take its silence
 * for a word in favour.
 */
async function labelsOf(
  admitted: readonly Admitted[],
  judge: TakeOptions["judge"],
): Promise<{ readonly [Label in VerdictLabel]?: number }> {
  const items: Indicator[][] = [];
  const pace = new Pace();
  for (const { object } of admitted) {
    if (pace.isOver) await pace.rest();
    items.push(indicatorsIn(object));
  }
  const verdicts = await judge(items.flat());
  const labels: { [Label in VerdictLabel]?: number } = {};
  let at = 0;
  for (const [i, { length }] of items.entries()) {
    const of = verdicts.slice(at, (at += length)).map(({ label }) => label);
    const isUnjudged = length === 0 && admitted[i]?.object.type === "indicator";
    const worst = isUnjudged
      ? "inform"
      : (["known-benign", "inform", "block"] as const).find((one) => of.includes(one));
    if (worst !== undefined) labels[worst] = (labels[worst] ?? 0) + 1;
  }
  return labels;
}
