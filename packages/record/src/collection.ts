import {
  assert,
  type Bytes,
  canonicalJsonBytes,
  err,
  type Fault,
  fromHex,
  hmacSha256,
  type Json,
  type JsonFault,
  ok,
  parseCanonicalJson,
  type Result,
  toHex,
  utf8,
  utf8Decode,
} from "@detente/basics";
import { inclusionProof, MemoryTree, prefixedLeafHash, verifyInclusion } from "@detente/tlog";
import { Type } from "typebox";
import { closed, hex64, integer } from "./forms.ts";
import { MAX_ITEM_BYTES, MAX_ITEMS, MAX_OBJECT_BYTES } from "./limits.ts";
import { type Shape, shape, type ShapeFault } from "./shape.ts";

const SALT_BYTES = 32;

/** One item of a collection, with what proves that it stands there. */
export interface Opening {
  readonly index: number;
  /** 32 bytes; tells nothing about the salts of other items. */
  readonly salt: Bytes;
  /** Canonical JSON, or the text of an object in its source's bytes. */
  readonly item: Bytes;
  /** Hashes from the leaf's sibling up to the root's child (RFC 6962 §2.1.1). */
  readonly proof: readonly Bytes[];
}

/** A commitment as statements carry it: the root in hexadecimal. */
export interface CollectionRoot {
  readonly root: string;
  readonly count: number;
}

/** A list of items under a salted Merkle commitment: whoever sees the root and some openings learns nothing of the rest. */
export class Collection {
  readonly #key: Bytes;
  readonly #maxItem: number;
  readonly #tree = new MemoryTree();

  /**
   * @param key 32 random bytes for this collection alone; to know it is to be able to test guesses of every item
   * @param maxItem bytes of an item at most
   */
  constructor(key: Bytes, maxItem: number = MAX_ITEM_BYTES) {
    assert(key.length === 32, "a collection's key has 32 bytes");
    this.#key = key;
    this.#maxItem = maxItem;
  }

  get count(): number {
    return this.#tree.size;
  }

  add(item: Bytes): void {
    assert(item.length <= this.#maxItem, `an item has at most ${this.#maxItem} bytes`);
    this.#tree.append(saltedLeaf(itemSalt(this.#key, this.count), item));
  }

  root(): CollectionRoot {
    return { root: toHex(this.#tree.root()), count: this.count };
  }

  /** Opens one item; the collection keeps hashes only, so its holder brings the item. */
  open(index: number, item: Bytes): Opening {
    const proof = inclusionProof(index, this.count, this.#tree.reader);
    return { index, salt: itemSalt(this.#key, index), item, proof };
  }
}

export function makeCollection(key: Bytes, items: Iterable<Bytes>): Collection {
  const collection = new Collection(key);
  for (const item of items) collection.add(item);
  return collection;
}

/** The salt of an item: HMAC-SHA-256(key, index as 8 bytes, big-endian). */
export function itemSalt(key: Bytes, index: number): Bytes {
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, BigInt(index));
  return hmacSha256(key, message);
}

/** Hashing copies its input, so one buffer serves all items that fit: an audit commits to hundreds of thousands. */
const usual = new Uint8Array(1 + SALT_BYTES + 256);

/** The hash of an item's leaf, which is its salt and then the item. */
function saltedLeaf(salt: Bytes, item: Bytes): Bytes {
  const length = 1 + SALT_BYTES + item.length;
  const message = length <= usual.length ? usual.subarray(0, length) : new Uint8Array(length);
  message.set(salt, 1);
  message.set(item, 1 + SALT_BYTES);
  return prefixedLeafHash(message);
}

/** Whether an opening is of this collection. */
export function verifyOpening(
  collection: CollectionRoot,
  opening: Opening,
): Result<void, Fault<"bad-opening" | "not-in-collection">> {
  const root = fromHex(collection.root);
  // A salt of another length would move the border between salt and item.
  if (root?.length !== 32 || opening.salt.length !== SALT_BYTES)
    return err("bad-opening", "root and salt have 32 bytes each");
  const leaf = saltedLeaf(opening.salt, opening.item);
  const verified = verifyInclusion(opening.index, collection.count, leaf, opening.proof, root);
  return verified.ok ? ok(undefined) : err("not-in-collection", `opening: ${verified.fault.message}`);
}

interface OpeningForm {
  readonly v: 1;
  readonly index: number;
  readonly salt: string;
  readonly item?: unknown;
  readonly text?: string;
  readonly proof: readonly string[];
}

/** The text of an object is longer in JSON: of its characters, quotation marks and line ends above all, many are escaped. */
const MAX_OPENING_BYTES = 2 * MAX_OBJECT_BYTES + MAX_ITEM_BYTES;

const openingShape: Shape<OpeningForm> = shape<OpeningForm>(({ item, text }, place) =>
  (item === undefined) === (text === undefined) ? `${place}: has either an item or a text` : undefined,
)(
  closed({
    v: Type.Literal(1),
    index: integer(0, MAX_ITEMS - 1),
    salt: hex64,
    item: Type.Optional(Type.Unknown()),
    text: Type.Optional(Type.String({ maxLength: MAX_OBJECT_BYTES })),
    proof: Type.Array(hex64, { maxItems: 24 }),
  }),
);

/** Writes an opening as canonical JSON, to be handed to somebody. */
export function formatOpening({ index, salt, item, proof }: Opening): Bytes {
  const parsed = parseCanonicalJson(item);
  assert(parsed.ok, "an item is canonical JSON");
  return canonicalJsonBytes({ v: 1, index, salt: toHex(salt), item: parsed.value, proof: proof.map(toHex) });
}

/** The same of an object, whose bytes are UTF-8 but not canonical JSON: it stands there as a text. */
export function formatObjectOpening({ index, salt, item, proof }: Opening): Bytes {
  const text = utf8Decode(item);
  assert(text !== undefined, "an object is UTF-8");
  return canonicalJsonBytes({ v: 1, index, salt: toHex(salt), text, proof: proof.map(toHex) });
}

/** Reads an opening of either form; it still has to be verified. */
export function parseOpening(bytes: Bytes): Result<Opening, JsonFault | ShapeFault | Fault<"too-large">> {
  if (bytes.length > MAX_OPENING_BYTES) return err("too-large", `opening: larger than ${MAX_OPENING_BYTES} bytes`);
  const json = parseCanonicalJson(bytes);
  if (!json.ok) return json;
  const checked = openingShape.check(json.value, "opening");
  if (!checked.ok) return checked;
  const { index, salt, item, text, proof } = checked.value;
  const content = text === undefined ? canonicalJsonBytes(item as Json) : utf8(text);
  return ok({ index, salt: knownHex(salt), item: content, proof: proof.map(knownHex) });
}

function knownHex(text: string): Bytes {
  const bytes = fromHex(text);
  assert(bytes !== undefined, "the schema admits hexadecimal only");
  return bytes;
}
