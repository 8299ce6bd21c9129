import {
  assert,
  type Bytes,
  canonicalJsonBytes,
  concatBytes,
  err,
  type Fault,
  type Json,
  ok,
  parseCanonicalJson,
  type Result,
  sha256,
  toHex,
  unwrap,
  utf8,
} from "@detente/basics";
import { BlobPieces, type PiecedBlob } from "./blob-pieces.ts";
import { Collection, type CollectionRoot } from "./collection.ts";
import { checkIndicator, type Indicator } from "./indicator.ts";
import type { IndicatorKind } from "./vocabulary.ts";
import type { ShareContent } from "./kinds/open.ts";
import { MAX_BLOB_BYTES, MAX_ITEM_BYTES, MAX_ITEMS } from "./limits.ts";
import type { ShapeFault } from "./shape.ts";
import { formatHeader, type HeaderFault, readHeader } from "./share-header.ts";

export type ItemsFault = HeaderFault | Fault<"too-large" | "bad-item" | "wrong-size" | "wrong-root" | "wrong-digest">;

/** What a share statement says about its items. */
export type ItemsSummary = Pick<ShareContent, "collection" | "items" | "kinds">;

const LINE_FEED = 0x0a;
const LINE_END: Bytes = Uint8Array.of(LINE_FEED);

/**
 * Writes the blob of a share's items, and what the statement says about it: `push` each, then `end`. A million take
 * seconds, so whoever has other things to do does them in between.
 */
export class ItemsWriter {
  readonly #blob = new BlobPieces();
  readonly #collection: Collection;
  readonly #kinds: { [Kind in IndicatorKind]?: number } = {};
  readonly #count: number;

  /**
   * @param key 32 random bytes, the collection's key
   * @param count how many there will be, at most `MAX_ITEMS`
   */
  constructor(key: Bytes, count: number) {
    assert(count <= MAX_ITEMS, `a share has at most ${MAX_ITEMS} items`);
    this.#count = count;
    this.#blob.add(utf8(`${formatHeader(key, count)}\n`));
    this.#collection = new Collection(key);
  }

  push(item: unknown): Result<void, ShapeFault> {
    const checked = checkIndicator(item, `items[${this.#collection.count}]`);
    if (!checked.ok) return checked;
    const line = canonicalJsonBytes(checked.value as unknown as Json);
    const { kind } = checked.value;
    this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
    this.#collection.add(line);
    this.#blob.add(line);
    this.#blob.add(LINE_END);
    return ok(undefined);
  }

  end(): Result<ItemsSummary & PiecedBlob, Fault<"too-large">> {
    assert(this.#collection.count === this.#count, "as many were pushed as were announced");
    if (this.#blob.size > MAX_BLOB_BYTES) {
      return err("too-large", `items: ${this.#blob.size} bytes, a share has at most ${MAX_BLOB_BYTES}; make several`);
    }
    return ok({ ...this.#blob.end(), collection: this.#collection.root(), kinds: this.#kinds });
  }
}

/**
 * `ItemsWriter` over a list, in one go.
 * @throws on an indicator that `checkIndicator` refuses, and beyond the limits of a blob
 */
export function draftItems(key: Bytes, indicators: readonly Indicator[]): ItemsSummary & { readonly blob: Bytes } {
  const writer = new ItemsWriter(key, indicators.length);
  for (const indicator of indicators) unwrap(writer.push(indicator));
  const { pieces, ...summary } = unwrap(writer.end());
  return { ...summary, blob: concatBytes(...pieces) };
}

/** An indicator with its place in the collection and its bytes there, from which the holder can open it. */
export interface ReadItem {
  readonly index: number;
  readonly indicator: Indicator;
  readonly bytes: Bytes;
}

/**
 * Reads a blob of items in pieces of any size: `push` each, then `end`. What `push` gives is well-formed, but is what
 * was shared only once `end` has found the root right. After a fault the reader gives nothing more.
 */
export class ItemsReader {
  readonly #expected: Pick<ShareContent, "collection" | "items">;
  #rest: Bytes = new Uint8Array(0);
  #read = 0;
  #collection: Collection | undefined;
  #fault: ItemsFault | undefined;

  constructor(expected: Pick<ShareContent, "collection" | "items">) {
    this.#expected = expected;
  }

  // What is kept is copied by `new Uint8Array`: a Buffer's own `slice` would only be a view of the caller's memory.
  push(chunk: Bytes): Result<readonly ReadItem[], ItemsFault> {
    const items: ReadItem[] = [];
    this.#read += chunk.length;
    if (this.#read > this.#expected.items.size) {
      this.#fault ??= { code: "wrong-size", message: `items: longer than ${this.#expected.items.size} bytes` };
    }
    let start = 0;
    while (this.#fault === undefined) {
      const end = chunk.indexOf(LINE_FEED, start);
      const piece = chunk.subarray(start, end === -1 ? chunk.length : end);
      const line = this.#rest.length === 0 ? piece : concatBytes(this.#rest, piece);
      if (line.length > MAX_ITEM_BYTES) {
        this.#fault = { code: "too-large", message: `${this.#place()}: longer than ${MAX_ITEM_BYTES} bytes` };
      } else if (end === -1) {
        this.#rest = new Uint8Array(line);
        break;
      } else {
        this.#rest = new Uint8Array(0);
        this.#readLine(line, items);
        start = end + 1;
      }
    }
    return this.#fault === undefined ? ok(items) : { ok: false, fault: this.#fault };
  }

  /** Ends the blob, and verifies the root. The collection can open the items that were read. */
  end(): Result<Collection, ItemsFault> {
    if (this.#fault !== undefined) return { ok: false, fault: this.#fault };
    const { size } = this.#expected.items;
    if (this.#read !== size) return err("wrong-size", `items: ${this.#read} of ${size} bytes; fetch them again`);
    if (this.#rest.length > 0 || this.#collection === undefined) {
      return err("bad-item", `${this.#place()}: must end with a line feed`);
    }
    const { root, count }: CollectionRoot = this.#collection.root();
    if (count !== this.#expected.collection.count) {
      return err("wrong-count", `items: ${count} of ${this.#expected.collection.count}`);
    }
    return root === this.#expected.collection.root
      ? ok(this.#collection)
      : err("wrong-root", "items: are not those that the statement commits to");
  }

  #readLine(line: Bytes, items: ReadItem[]): void {
    if (this.#collection === undefined) {
      const key = readHeader(line, this.#expected.collection.count);
      if (key.ok) this.#collection = new Collection(key.value);
      else this.#fault = key.fault;
      return;
    }
    const json = parseCanonicalJson(line);
    if (!json.ok) {
      this.#fault = { code: "bad-item", message: `${this.#place()}: ${json.fault.message}` };
      return;
    }
    const index = this.#collection.count;
    const checked = checkIndicator(json.value, this.#place());
    if (!checked.ok) this.#fault = { code: "bad-item", message: checked.fault.message };
    else if (index >= this.#expected.collection.count) {
      this.#fault = { code: "wrong-count", message: `items: more than ${this.#expected.collection.count}` };
    } else {
      const bytes = new Uint8Array(line);
      this.#collection.add(bytes);
      items.push({ index, indicator: checked.value, bytes });
    }
  }

  /** The line that comes next, counted from 1 as editors do. */
  #place(): string {
    return `items line ${this.#collection === undefined ? 1 : this.#collection.count + 2}`;
  }
}

/**
 * Reads and verifies a whole blob of items.
 * @internal
 */
export function parseItems(
  blob: Bytes,
  expected: Pick<ShareContent, "collection" | "items">,
): Result<{ readonly items: readonly ReadItem[]; readonly collection: Collection }, ItemsFault> {
  const reader = new ItemsReader(expected);
  const items = reader.push(blob);
  if (!items.ok) return items;
  const collection = reader.end();
  if (!collection.ok) return collection;
  if (toHex(sha256(blob)) !== expected.items.digest) {
    return err("wrong-digest", "items: are not the blob that the statement names");
  }
  return ok({ items: items.value, collection: collection.value });
}
