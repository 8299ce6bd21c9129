import { type Bytes, err, fromHex, present, type Result } from "@detente/basics";
import { indicatorsIn, type StixObject, type Verdict, type VerdictLabel } from "@detente/intel";
import type { Indicator, Tlp } from "@detente/record";
import { type BlobWriter, Pace, type StorageFault } from "@detente/store";
import { writeObjects } from "../../speak/objects-draft.ts";
import { onDisk } from "./on-disk.ts";
import type { PendingShare } from "./pending.ts";
import type { Shelf } from "./shelf.ts";

export interface DraftOptions {
  readonly shelf: Pick<Shelf, "expect" | "erase">;
  readonly blobs: BlobWriter;
  /** What the gate says of indicators now. */
  readonly judge: (items: readonly Indicator[]) => Promise<readonly Verdict[]>;
  readonly random: (length: number) => Bytes;
}

/** What would be said of some objects, and what an officer is told of them; they are durable in one blob then. */
export type Drafted = Pick<PendingShare, "content" | "types" | "labels">;

/** Writes the blob that a share of these objects will name. @param objects one at least */
export async function draftPending(
  objects: readonly StixObject[],
  tlp: Tlp,
  { shelf, blobs, judge, random }: DraftOptions,
): Promise<Result<Drafted, StorageFault>> {
  const title = `${objects.length} ${objects.length === 1 ? "object" : "objects"} over TAXII`;
  const texts = objects.map(({ bytes }) => bytes);
  const drafted = await writeObjects(texts, random(32), { title, tlp });
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
  for (const { type } of objects) types[type] = (types[type] ?? 0) + 1;
  return { ok: true, value: { content, types, labels: await labelsOf(objects, judge) } };
}

/**
 * An object is labelled as the least enforceable of its indicators is. An indicator in which the gate finds nothing to
 * judge (a pattern that does more than list values, or in another language) is for people: no rule may take its silence
 * for a word in favour.
 */
async function labelsOf(
  objects: readonly StixObject[],
  judge: DraftOptions["judge"],
): Promise<{ readonly [Label in VerdictLabel]?: number }> {
  const items: Indicator[][] = [];
  const pace = new Pace();
  for (const object of objects) {
    if (pace.isOver) await pace.rest();
    items.push(indicatorsIn(object));
  }
  const verdicts = await judge(items.flat());
  const labels: { [Label in VerdictLabel]?: number } = {};
  let at = 0;
  for (const [i, { length }] of items.entries()) {
    if (pace.isOver) await pace.rest();
    const of = verdicts.slice(at, (at += length)).map(({ label }) => label);
    const isUnjudged = length === 0 && objects[i]?.type === "indicator";
    const worst = isUnjudged
      ? "inform"
      : (["known-benign", "inform", "block"] as const).find((one) => of.includes(one));
    if (worst !== undefined) labels[worst] = (labels[worst] ?? 0) + 1;
  }
  return labels;
}
