import { type Bytes, err, type Fault, type Json, ok, type Result, utf8 } from "@detente/basics";
import { strictestTlp } from "@detente/intel";
import {
  checkContent,
  MAX_OBJECTS,
  type ObjectsContent,
  ObjectsWriter,
  type PiecedBlob,
  type Tlp,
} from "@detente/record";
import { Pace } from "@detente/store";
import { type Admission, admitObjects } from "../admission/admit.ts";
import type { ObjectsInput } from "../api/contract.ts";

export interface DraftedObjects {
  readonly content: ObjectsContent;
  /** Of the blob. */
  readonly pieces: PiecedBlob["pieces"];
}

type DraftFault = Fault<"bad-item" | "bad-statement" | "too-large" | "marking-narrower">;

/** Of objects without any label; what a share of indicators has too where nothing is said. */
const DEFAULT_TLP: Tlp = "amber";

/** Makes what a share of objects says and their blob: all of them, or none. @param key 32 random bytes */
export async function draftObjects(
  input: ObjectsInput,
  key: Bytes,
  admission: Omit<Admission, "isOwn">,
): Promise<Result<DraftedObjects, DraftFault>> {
  const { title, tlp, source, isOwn = false } = input;
  const { admitted, refused } = await admitObjects(await encoded(input.objects), { ...admission, isOwn });
  const [first] = refused;
  if (first !== undefined) {
    const { code, message } = first.fault;
    return err(code === "not-an-object" ? "bad-item" : code, `objects[${first.index}]: ${message}`);
  }
  const strictest = strictestTlp(admitted.map((one) => one.tlp));
  if (tlp !== undefined && strictestTlp([tlp, strictest]) !== tlp) {
    const label = strictest?.toUpperCase();
    return err("marking-narrower", `tlp: there is an object that is TLP:${label}; the share must be as strict`);
  }
  return writeObjects(
    admitted.map(({ object }) => object.bytes),
    key,
    { title, tlp: tlp ?? strictest ?? DEFAULT_TLP, ...(source === undefined ? {} : { source }) },
  );
}

async function encoded(texts: readonly string[]): Promise<Bytes[]> {
  const bytes: Bytes[] = [];
  const pace = new Pace();
  for (const text of texts) {
    if (pace.isOver) await pace.rest();
    bytes.push(utf8(text));
  }
  return bytes;
}

/** The blob of some objects, in this order, and what a statement says of it. Others have their turn meanwhile. */
export async function writeObjects(
  objects: readonly Bytes[],
  key: Bytes,
  about: Pick<ObjectsContent, "title" | "tlp" | "source">,
): Promise<Result<DraftedObjects, DraftFault>> {
  if (objects.length === 0) return err("bad-item", "objects: a share has one at least");
  if (objects.length > MAX_OBJECTS)
    return err("too-large", `objects: a share has at most ${MAX_OBJECTS}; make several`);
  const writer = new ObjectsWriter(key, objects.length);
  const pace = new Pace();
  for (const object of objects) {
    if (pace.isOver) await pace.rest();
    const pushed = writer.push(object);
    if (!pushed.ok) return pushed;
  }
  const { pieces, ...summary } = writer.end();
  const content: ObjectsContent = { ...about, ...summary };
  const said = checkContent("open", "objects", content as unknown as Json);
  return said.ok ? ok({ content, pieces }) : err("bad-statement", said.fault.message);
}
