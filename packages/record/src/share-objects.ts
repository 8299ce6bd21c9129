import { assert, type Bytes, concatBytes, err, type Fault, ok, type Result, utf8, utf8Decode } from "@detente/basics";
import { BlobPieces, type PiecedBlob } from "./blob-pieces.ts";
import { Collection } from "./collection.ts";
import type { ObjectsContent } from "./kinds/open.ts";
import { MAX_BLOB_BYTES, MAX_OBJECT_BYTES, MAX_OBJECTS } from "./limits.ts";
import { formatHeader, readHeader } from "./share-header.ts";
import type { ItemsFault } from "./share-items.ts";

/** What an objects statement says about its objects. */
export type ObjectsSummary = Pick<ObjectsContent, "collection" | "items">;

/** An object with its place in the collection: the bytes of its source, from which the holder can open it. */
export interface ReadObject {
  readonly index: number;
  readonly bytes: Bytes;
}

const LINE_FEED = 0x0a;
/** A line with a key and a number. */
const MAX_HEADER_BYTES = 256;
/** The length of an object stands before it. */
const LENGTH_BYTES = 4;

/**
 * Writes the blob of a share of objects: `push` each, then `end`. A line says the key and the count; then comes each
 * object, its length before it as 4 bytes, big-endian. So nothing that an object's author writes can end it early, and
 * all of it stays as it is: white space, order of members, escapes, digits.
 */
export class ObjectsWriter {
  readonly #collection: Collection;
  readonly #blob = new BlobPieces();
  readonly #announced: number;

  /**
   * @param key 32 random bytes, the collection's key
   * @param count how many there will be, at most `MAX_OBJECTS`
   */
  constructor(key: Bytes, count: number) {
    assert(count > 0 && count <= MAX_OBJECTS, `a share has 1 to ${MAX_OBJECTS} objects`);
    this.#announced = count;
    this.#collection = new Collection(key, MAX_OBJECT_BYTES);
    this.#blob.add(utf8(`${formatHeader(key, count)}\n`));
  }

  get count(): number {
    return this.#collection.count;
  }

  /** @param object UTF-8; what it says is not looked at here */
  push(object: Bytes): Result<void, Fault<"bad-item" | "too-large">> {
    const place = `objects[${this.count}]`;
    if (object.length === 0 || utf8Decode(object) === undefined) return err("bad-item", `${place}: is not UTF-8 text`);
    if (object.length > MAX_OBJECT_BYTES) {
      return err("too-large", `${place}: ${object.length} bytes, an object has at most ${MAX_OBJECT_BYTES}`);
    }
    if (this.#blob.size + LENGTH_BYTES + object.length > MAX_BLOB_BYTES) {
      return err("too-large", `objects: a share has at most ${MAX_BLOB_BYTES} bytes; make several`);
    }
    this.#collection.add(object);
    this.#blob.add(lengthBytes(object.length));
    this.#blob.add(object);
    return ok(undefined);
  }

  end(): ObjectsSummary & PiecedBlob {
    assert(this.count === this.#announced, "as many were pushed as were announced");
    return { ...this.#blob.end(), collection: this.#collection.root() };
  }
}

/**
 * Reads a blob of objects in pieces of any size: `push` each, then `end`. What `push` gives is what was shared only once
 * `end` has found the root right. After a fault the reader gives nothing more.
 */
export class ObjectsReader {
  readonly #expected: ObjectsSummary;
  #rest: Bytes = new Uint8Array(0);
  #read = 0;
  #collection: Collection | undefined;
  #fault: ItemsFault | undefined;

  constructor(expected: ObjectsSummary) {
    this.#expected = expected;
  }

  push(chunk: Bytes): Result<readonly ReadObject[], ItemsFault> {
    const objects: ReadObject[] = [];
    this.#read += chunk.length;
    if (this.#read > this.#expected.items.size) {
      this.#fail("wrong-size", `objects: longer than ${this.#expected.items.size} bytes`);
    }
    // A copy: the caller may use the chunk's memory again.
    let bytes = concatBytes(this.#rest, chunk);
    while (this.#fault === undefined) {
      const length = this.#collection === undefined ? this.#readHeader(bytes) : this.#readObject(bytes, objects);
      if (length === 0) break;
      bytes = bytes.subarray(length);
    }
    this.#rest = bytes;
    return this.#fault === undefined ? ok(objects) : { ok: false, fault: this.#fault };
  }

  /** Ends the blob, and verifies the root. The collection can open the objects that were read. */
  end(): Result<Collection, ItemsFault> {
    if (this.#fault !== undefined) return { ok: false, fault: this.#fault };
    const { items, collection } = this.#expected;
    if (this.#read !== items.size)
      return err("wrong-size", `objects: ${this.#read} of ${items.size} bytes; fetch again`);
    if (this.#rest.length > 0 || this.#collection === undefined) return err("bad-item", "objects: end within one");
    const { root, count } = this.#collection.root();
    if (count !== collection.count) return err("wrong-count", `objects: ${count} of ${collection.count}`);
    return root === collection.root
      ? ok(this.#collection)
      : err("wrong-root", "objects: are not those that the statement commits to");
  }

  /** @returns how many bytes it took, 0 where more must come first */
  #readHeader(bytes: Bytes): number {
    const end = bytes.subarray(0, MAX_HEADER_BYTES).indexOf(LINE_FEED);
    if (end === -1) {
      if (bytes.length >= MAX_HEADER_BYTES) this.#fail("bad-header", "objects: do not begin with a line");
      return 0;
    }
    const key = readHeader(bytes.subarray(0, end), this.#expected.collection.count);
    if (key.ok) this.#collection = new Collection(key.value, MAX_OBJECT_BYTES);
    else this.#fault = key.fault;
    return end + 1;
  }

  /** @returns how many bytes it took, 0 where more must come first */
  #readObject(bytes: Bytes, into: ReadObject[]): number {
    const collection = this.#collection;
    if (collection === undefined || bytes.length < LENGTH_BYTES) return 0;
    const index = collection.count;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (length === 0 || length > MAX_OBJECT_BYTES) {
      this.#fail("too-large", `objects[${index}]: ${length} bytes, an object has 1 to ${MAX_OBJECT_BYTES}`);
      return 0;
    }
    if (bytes.length < LENGTH_BYTES + length) return 0;
    if (index >= this.#expected.collection.count) {
      this.#fail("wrong-count", `objects: more than ${this.#expected.collection.count}`);
      return 0;
    }
    const object = bytes.slice(LENGTH_BYTES, LENGTH_BYTES + length);
    if (utf8Decode(object) === undefined) this.#fail("bad-item", `objects[${index}]: is not UTF-8`);
    collection.add(object);
    into.push({ index, bytes: object });
    return LENGTH_BYTES + length;
  }

  #fail(code: ItemsFault["code"], message: string): void {
    this.#fault ??= { code, message };
  }
}

function lengthBytes(length: number): Bytes {
  const bytes = new Uint8Array(LENGTH_BYTES);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}
