import { type Bytes, concatBytes, fromHex, type Json, present, utf8Decode } from "@detente/basics";
import {
  type Audience,
  audienceKey,
  type HeadsLeaf,
  isContent,
  isHeadsLeaf,
  parseLeaf,
  type PlainBody,
  type PlainLeaf,
  readAudience,
  readBody,
  readPlainBody,
  readPlainLeaf,
  type Said,
  SAID,
  type StatementType,
  type Unseals,
} from "@detente/record";

// What can be told of entries and bodies one by one, whatever else is on the record: this may be done elsewhere and before.

/** What a leaf says: a statement, checkpoints that were observed, or nothing that can be understood. */
export type LeafReading = PlainLeaf | HeadsLeaf | undefined;

/** What a body says, or, where it is malformed, whether it names the whole unit as its audience all the same. */
export type BodyReading = (Said & BodyMembers) | { readonly isForUnit: boolean };

interface BodyMembers {
  readonly type: StatementType;
  readonly kind: string;
  /** The origin of the log that it is for. */
  readonly by: string;
  readonly audience: Audience;
  /** `audienceKey` of the audience. */
  readonly view: string;
  /** 32 bytes for each statement that this one is about. */
  readonly references: Bytes;
  readonly unseals: Unseals | undefined;
  /** Bytes. */
  readonly size: number;
}

export function readLeaf(bytes: Bytes): LeafReading {
  const plain = readPlainLeaf(bytes);
  if (plain !== undefined) return plain;
  const parsed = parseLeaf(bytes);
  if (!parsed.ok) return undefined;
  const leaf = parsed.value;
  if (isHeadsLeaf(leaf)) return leaf;
  return { type: leaf.type, size: leaf.size, hashes: bytesOf([leaf.body, leaf.unit, ...leaf.of]) };
}

export function readAnyBody(bytes: Bytes): BodyReading {
  const plain = readPlainBody(bytes);
  if (plain !== undefined) return plainReading(plain, parseJson(plain.content), bytes.length);
  const read = readBody(bytes);
  if (!read.ok) return { isForUnit: readAudience(bytes) === "unit" };
  const { type, kind, name, content, by, audience, of, unseals } = read.value;
  const view = audienceKey(audience);
  const about = { references: bytesOf(of), unseals, size: bytes.length };
  return { type, kind, name, content, by, audience, view, ...about } as BodyReading;
}

/**
 * What a plain body says.
 * @param content its content's value; `undefined` where that is no JSON
 * @param size bytes of the body
 */
export function plainReading(
  { name: place, by: ascii, references }: Omit<PlainBody, "content">,
  content: Json | undefined,
  size: number,
): BodyReading {
  if (content === undefined) return { isForUnit: false };
  const { name, type, kind } = present(SAID[place], "the name of a known kind");
  if (!isContent(name, content)) return { isForUnit: true };
  const by = String.fromCharCode(...ascii);
  const about = { references, unseals: undefined, size };
  return { type, kind, name, content, by, audience: "unit", view: "unit", ...about } as BodyReading;
}

/** The value of JSON text; `undefined` for what is none. */
export function parseJson(text: Bytes): Json | undefined {
  const decoded = utf8Decode(text);
  try {
    return decoded === undefined ? undefined : (JSON.parse(decoded) as Json);
  } catch {
    return undefined;
  }
}

function bytesOf(hashes: readonly string[]): Bytes {
  return concatBytes(...hashes.map((hash) => present(fromHex(hash), "a hash that its schema has checked")));
}
