import { type Bytes, compareText, concatBytes, sha256, utf8 } from "@detente/basics";

/** One fact of a view. Its key never changes; its value is asked for when a digest is. */
export interface Row {
  /** Unique within the view. */
  key(): string;
  /** Canonical JSON. */
  value(): string;
}

/** A row's place in the trie, by which it is touched. */
export interface PlacedRow {
  readonly row: Row;
  /** The first 32 bits of SHA-256(key). */
  readonly place: number;
  /** Whether its value entered no digest yet. */
  dirty: boolean;
}

interface Node {
  digest: Bytes | undefined;
  rows: PlacedRow[] | undefined;
  children: (Node | undefined)[] | undefined;
}

/** A leaf that would hold more is split by the next four bits of its rows' places. */
const BUCKET = 32;
const DEPTH = 8;
const NO_CHILD: Bytes = new Uint8Array(32);

/**
 * Digests a growing set of rows so that one changed row costs O(log n) to digest again. The shape depends on the set
 * alone (a node is split exactly when it holds more than 32 rows), so the order of additions leaves no trace.
 *
 * digest(leaf) = SHA-256(0x00 || canonical JSON of the object that has the rows' keys and values as its members);
 * digest(inner) = SHA-256(0x01 || the 16 children's digests, 32 zero bytes where there is none).
 */
export class RowTrie {
  readonly #root: Node = emptyLeaf();

  add(row: Row): PlacedRow {
    const placed: PlacedRow = { row, place: placeOf(row), dirty: true };
    let node = this.#root;
    for (let depth = 0; ; depth++) {
      node.digest = undefined;
      if (node.rows !== undefined) {
        node.rows.push(placed);
        if (node.rows.length > BUCKET && depth < DEPTH) split(node, depth);
        return placed;
      }
      node = childFor(node, placed.place, depth);
    }
  }

  /** Says that the value of a row in the set is no longer what it was. */
  touch(placed: PlacedRow): void {
    if (placed.dirty) return;
    placed.dirty = true;
    let node = this.#root;
    for (let depth = 0; ; depth++) {
      node.digest = undefined;
      if (node.rows !== undefined) return;
      node = childFor(node, placed.place, depth);
    }
  }

  /** 32 bytes. Recomputes what was added or touched since the last call, and nothing else. */
  digest(): Bytes {
    return digestOf(this.#root);
  }
}

function emptyLeaf(): Node {
  return { digest: undefined, rows: [], children: undefined };
}

function noChildren(): (Node | undefined)[] {
  return Array.from({ length: 16 }, () => undefined);
}

function split(node: Node, depth: number): void {
  const rows = node.rows ?? [];
  node.rows = undefined;
  const children = (node.children = noChildren());
  for (const placed of rows) childFor(node, placed.place, depth).rows?.push(placed);
  for (const child of children) {
    if (child?.rows !== undefined && child.rows.length > BUCKET && depth + 1 < DEPTH) split(child, depth + 1);
  }
}

function childFor(node: Node, place: number, depth: number): Node {
  const nibble = (place >>> (28 - 4 * depth)) & 15;
  const children = (node.children ??= noChildren());
  return (children[nibble] ??= emptyLeaf());
}

function digestOf(node: Node): Bytes {
  return (node.digest ??= node.rows === undefined ? digestInner(node.children ?? []) : digestLeaf(node.rows));
}

function digestInner(children: readonly (Node | undefined)[]): Bytes {
  const hashes = children.map((child) => (child === undefined ? NO_CHILD : digestOf(child)));
  return sha256(concatBytes(Uint8Array.of(1), ...hashes));
}

function digestLeaf(rows: readonly PlacedRow[]): Bytes {
  const members = rows.map((placed) => {
    placed.dirty = false;
    return { key: placed.row.key(), value: placed.row.value() };
  });
  members.sort((a, b) => compareText(a.key, b.key));
  return sha256(utf8(`\u0000{${members.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join(",")}}`));
}

function placeOf(row: Row): number {
  const hash = sha256(utf8(row.key()));
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}
