import type { Bytes, Result } from "@detente/basics";
import { cleanText, strictestTlp } from "@detente/intel";
import type { Tlp } from "@detente/record";
import { type AddOutcome, microsecondText, type NewObject, Pace, type StorageFault } from "@detente/store";
import { type Admission, type Admitted, admitObjects } from "../../admission/admit.ts";
import { audienceOf } from "../../api/statements.ts";
import { CONFLICT, type Detail } from "../server/adding.ts";
import { asStated } from "../stated-objects.ts";
import { statedName } from "../server/stated-name.ts";
import { type Drafted, type DraftOptions, draftPending } from "./draft.ts";
import type { Brought } from "./drawers.ts";

export interface TakeOptions extends DraftOptions {
  readonly identities: Admission["identities"];
  /** Puts objects where the tool reads them: what is new there is to be shared. */
  readonly putIn: (objects: readonly NewObject[]) => Promise<Result<AddOutcome[], StorageFault>>;
}

/** What became of the objects of an envelope, and what of them is to be shared. */
export interface Taken {
  readonly successes: readonly Detail[];
  readonly failures: readonly Detail[];
  readonly drafted: Drafted | undefined;
}

/** Of objects without any label, as of a share of which nothing is said. */
const DEFAULT_TLP: Tlp = "amber";
const MAX_TEXT = 300;

/**
 * Takes in what a tool brings to be shared: what may not go to the audience fails by itself, with its reason, and so does
 * another value of what it has there already; what it has there already itself comes once; the others are durable in one
 * blob, the one that the share will name.
 */
export async function takeObjects(
  objects: readonly (Bytes | undefined)[],
  { view, now }: Pick<Brought, "view"> & { readonly now: number },
  options: TakeOptions,
): Promise<Result<Taken, StorageFault>> {
  const admission = { audience: audienceOf(view), identities: options.identities, isOwn: false };
  const { admitted, refused } = await admitObjects(objects, admission);
  const at = microsecondText(now * 1000);
  const failures: Detail[] = refused.map(({ index, object, fault }) => ({
    ...(object === undefined
      ? statedName(objects[index], { id: `objects[${index}]`, version: at })
      : nameOf(object, asStated(object).version ?? at)),
    message: cleanText(`objects[${index}]: ${fault.message}`, MAX_TEXT),
  }));
  const put = await options.putIn(admitted.map(({ object }) => asStated(object)));
  if (!put.ok) return put;
  const successes: Detail[] = [];
  const kept: Admitted[] = [];
  const pace = new Pace();
  for (const [i, { outcome, version }] of put.value.entries()) {
    if (pace.isOver) await pace.rest();
    const one = admitted[i] as Admitted;
    const name = nameOf(one.object, version);
    if (outcome === "conflict") failures.push({ ...name, message: `objects[${one.index}]: ${CONFLICT}` });
    else successes.push(name);
    if (outcome === "added") kept.push(one);
  }
  if (kept.length === 0) return { ok: true, value: { successes, failures, drafted: undefined } };
  const tlp = strictestTlp(kept.map(labelOf)) ?? DEFAULT_TLP;
  const stix = kept.map(({ object }) => object);
  const drafted = await draftPending(stix, tlp, options);
  return drafted.ok ? { ok: true, value: { successes, failures, drafted: drafted.value } } : drafted;
}

/** One object that is marked says nothing of those beside it that are not; a definition of a marking is none's secret. */
function labelOf({ object, tlp }: Admitted): Tlp | undefined {
  return tlp ?? (object.type === "marking-definition" ? undefined : DEFAULT_TLP);
}

/** An observable's id by its content is told where its source claims another. */
function nameOf({ id, remarks }: Admitted["object"], version: string): Detail {
  const foreign = remarks.find(({ code }) => code === "foreign-id");
  const message = foreign === undefined ? {} : { message: cleanText(foreign.message, MAX_TEXT) };
  return { id, version, ...message };
}
