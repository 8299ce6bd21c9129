import { type Bytes, err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import { CLOSE_OBJECT, eachMark, OPEN_LIST, OPEN_OBJECT } from "../json-marks.ts";

/** An envelope (TAXII 2.1 §3.7) taken apart. */
export interface Envelope {
  /** In the bytes in which they stand there; `undefined` for a member of the list that is no object. */
  readonly objects: readonly (Bytes | undefined)[];
  readonly more: boolean;
  readonly next: string | undefined;
}

export type EnvelopeFault = Fault<"not-json" | "not-an-envelope" | "too-many">;

/** Objects in one envelope; a body of nothing but braces would be many times as large in memory. */
const MAX_OBJECTS = 50_000;

/** Bytes beside the objects: they are parsed at once. */
const MAX_FRAME: number = 2 * 1024 * 1024;
/** What stands for an object that was cut out. */
const HOLE = utf8("{}");

/**
 * Takes an envelope apart without reading its objects: only where each begins and ends is found here, so a malformed
 * one is a fault of its own and not of the envelope. What is left when they are cut out is parsed as JSON. Others have
 * their turn meanwhile.
 */
export async function readEnvelope(bytes: Bytes): Promise<Result<Envelope, EnvelopeFault>> {
  const { objects, frame } = await cutOut(bytes);
  const tooMany = err("too-many", `an envelope has at most ${MAX_OBJECTS} objects; send several`);
  if (objects.length > MAX_OBJECTS) return tooMany;
  if (frame === undefined) return err("not-an-envelope", `beside its objects it has more than ${MAX_FRAME} bytes`);
  const text = utf8Decode(frame);
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch (error) {
    return err("not-json", `the body is not JSON: ${text === undefined ? "not UTF-8" : (error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return err("not-an-envelope", "the body is not a TAXII envelope, a JSON object with a list of objects");
  }
  const { objects: list = [], more, next } = value as Readonly<Record<string, unknown>>;
  if (!Array.isArray(list)) return err("not-an-envelope", "objects: is not a list");
  if (list.length > MAX_OBJECTS) return tooMany;
  if ((more !== undefined && typeof more !== "boolean") || (next !== undefined && typeof next !== "string")) {
    return err("not-an-envelope", "more is true or false, and next a text");
  }
  const holes = list.filter(isHole).length;
  // Names that stand twice, or lists of objects under other names: readers would differ about what was sent.
  if (holes !== objects.length) return err("not-an-envelope", "there are objects beside the list named objects");
  let found = 0;
  const members = list.map((member) => (isHole(member) ? objects[found++] : undefined));
  return ok({ objects: members, more: more === true, next });
}

/** Of the objects none is left. */
function isHole(member: unknown): boolean {
  return typeof member === "object" && member !== null && !Array.isArray(member);
}

/** What is left beside the objects. */
class Frame {
  readonly #bytes: Bytes;
  #length = 0;

  /** @param most bytes of the body: what stands for an object is never longer than it */
  constructor(most: number) {
    this.#bytes = new Uint8Array(Math.min(most, MAX_FRAME));
  }

  add(part: Bytes): void {
    if (this.#length + part.length <= this.#bytes.length) this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  /** `undefined` where it is too long. */
  get bytes(): Bytes | undefined {
    return this.#length > MAX_FRAME ? undefined : this.#bytes.subarray(0, this.#length);
  }
}

/** Cuts the objects out of every list that stands directly in the outermost object. */
async function cutOut(bytes: Bytes): Promise<{ readonly objects: Bytes[]; readonly frame: Bytes | undefined }> {
  const objects: Bytes[] = [];
  const frame = new Frame(bytes.length);
  let isInList = false;
  let start = -1;
  let copied = 0;
  await eachMark(bytes, (mark, at, depth) => {
    if (depth === 1 && (mark === OPEN_OBJECT || mark === OPEN_LIST)) isInList = mark === OPEN_LIST;
    if (depth !== 2 || !isInList) return true;
    if (mark === OPEN_OBJECT) start = at;
    if (mark !== CLOSE_OBJECT || start < copied) return true;
    objects.push(bytes.subarray(start, at + 1));
    frame.add(bytes.subarray(copied, start));
    frame.add(HOLE);
    copied = at + 1;
    return objects.length <= MAX_OBJECTS;
  });
  frame.add(bytes.subarray(copied));
  return { objects, frame: frame.bytes };
}
