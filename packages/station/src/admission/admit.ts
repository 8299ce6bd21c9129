import { type Bytes, err, type Fault, ok, type Result } from "@detente/basics";
import { cleanText, markingOf, narrower, readStixObject, type StixObject } from "@detente/intel";
import { type Audience, MAX_OBJECT_BYTES, type Tlp } from "@detente/record";
import { Pace } from "@detente/store/turn";

/** An object that may go to an audience. */
export interface Admitted {
  /** Where it stood among those that were brought. */
  readonly index: number;
  readonly object: StixObject;
  /** The strictest label on it or any part of it. */
  readonly tlp: Tlp | undefined;
}

/** An object that may not, and why. */
export interface Refused {
  readonly index: number;
  /** What it calls itself, where it is an object at all. */
  readonly object: StixObject | undefined;
  readonly fault: Fault<"not-an-object" | "too-large" | "marking-narrower">;
}

export interface Admission {
  readonly audience: Audience;
  /** The STIX identities of this party: what names one of them as its creator was marked by this party itself. */
  readonly identities: ReadonlySet<string>;
  /** An officer's word that this party marked all of them itself. */
  readonly isOwn: boolean;
}

const MAX_TEXT = 300;

/**
 * Which of these objects may be shared with an audience: well-formed ones (STIX 2.1), no larger than a share takes, whose
 * markings reach as far as the audience does. Each is judged by itself, so a bad one keeps none of the others out; the
 * marking definitions among them count for all.
 * @param objects in their sources' bytes; `undefined` is none
 */
export async function admitObjects(
  objects: readonly (Bytes | undefined)[],
  admission: Admission,
): Promise<{ readonly admitted: readonly Admitted[]; readonly refused: readonly Refused[] }> {
  const read: { readonly index: number; readonly object: StixObject }[] = [];
  const admitted: Admitted[] = [];
  const refused: Refused[] = [];
  const pace = new Pace();
  for (const [index, bytes] of objects.entries()) {
    if (pace.isOver) await pace.rest();
    const object = readWhole(bytes);
    if (object.ok) read.push({ index, object: object.value });
    else refused.push({ index, object: undefined, fault: object.fault });
  }
  await pace.rest();
  const definitions = new Map(
    read.filter(({ object }) => object.type === "marking-definition").map(({ object }) => [object.id, object.view]),
  );
  for (const { index, object } of read) {
    if (pace.isOver) await pace.rest();
    const marking = markingOf(object.view, definitions);
    const creator = object.view["created_by_ref"];
    const isOwn = admission.isOwn || (typeof creator === "string" && admission.identities.has(creator));
    const why = narrower(marking, { audience: admission.audience, isOwn });
    if (why === undefined) admitted.push({ index, object, tlp: marking.tlp });
    else refused.push({ index, object, fault: { code: "marking-narrower", message: why } });
  }
  return { admitted, refused: refused.toSorted((a, b) => a.index - b.index) };
}

function readWhole(bytes: Bytes | undefined): Result<StixObject, Fault<"not-an-object" | "too-large">> {
  if (bytes === undefined) return err("not-an-object", "is not a JSON object");
  if (bytes.length > MAX_OBJECT_BYTES) {
    return err("too-large", `has ${bytes.length} bytes, at most ${MAX_OBJECT_BYTES} are shared`);
  }
  const object = readStixObject(bytes);
  if (!object.ok) return err("not-an-object", cleanText(object.fault.message, MAX_TEXT));
  return object.value.type === "bundle" ? err("not-an-object", "is a bundle; give its objects") : ok(object.value);
}
