import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Row, RowTrie } from "./row-trie.ts";

class CountedRow implements Row {
  reads = 0;
  readonly #key: string;
  text: string;

  constructor(key: string, text: string) {
    this.#key = key;
    this.text = text;
  }

  key(): string {
    return this.#key;
  }

  value(): string {
    this.reads++;
    return JSON.stringify(this.text);
  }
}

function trieOf(rows: readonly Row[]): RowTrie {
  const trie = new RowTrie();
  for (const row of rows) trie.add(row);
  return trie;
}

const hex = (trie: RowTrie): string => Buffer.from(trie.digest()).toString("hex");

test("up to 32 rows are one leaf: SHA-256 of a zero byte and the rows as a JSON object", () => {
  const rows = [new CountedRow("b", "2"), new CountedRow('a"', "1")];
  const expected = createHash("sha256").update('\u0000{"a\\"":"1","b":"2"}').digest("hex");
  expect(hex(trieOf(rows))).toBe(expected);
});

function sha256(...parts: readonly (string | Buffer)[]): Buffer {
  return parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
}

/** docs/formats.md, The fold, Trie, word for word. */
function trieDigest(keys: readonly string[], depth = 0): Buffer {
  if (keys.length <= 32 || depth === 8) {
    const members = keys.toSorted().map((key) => `${JSON.stringify(key)}:${JSON.stringify(key)}`);
    return sha256(`\u0000{${members.join(",")}}`);
  }
  const children = Array.from("0123456789abcdef", (digit) => keys.filter((key) => placeOf(key)[depth] === digit));
  return sha256(
    "\u0001",
    ...children.map((each) => (each.length === 0 ? Buffer.alloc(32) : trieDigest(each, depth + 1))),
  );
}

function placeOf(key: string): string {
  return sha256(key).toString("hex").slice(0, 8);
}

test.each([32, 33, 600])("%i rows have the digest that docs/formats.md says", (count) => {
  const keys = Array.from({ length: count }, (_, i) => `row ${i}`);
  expect(hex(trieOf(keys.map((key) => new CountedRow(key, key))))).toBe(trieDigest(keys).toString("hex"));
});

test("the digest depends on the set of rows and their values, not on the order, nor on when digests were taken", () => {
  const sets = fc.uniqueArray(fc.string({ maxLength: 6 }), { maxLength: 200 });
  fc.assert(
    fc.property(sets, fc.func(fc.boolean()), fc.nat(), (keys, isDigested, changed) => {
      const rows = keys.map((key) => new CountedRow(key, key));
      const straight = hex(trieOf(rows));
      const trie = new RowTrie();
      for (const row of rows.toReversed()) {
        trie.add(row);
        if (isDigested(row.key())) trie.digest();
      }
      expect(hex(trie)).toBe(straight);
      if (keys.length === 0) return;
      const key = keys[changed % keys.length]!;
      const others = keys.map((each) => new CountedRow(each, each === key ? `${each}!` : each));
      expect(hex(trieOf(others))).not.toBe(straight);
      expect(hex(trieOf(rows.slice(1)))).not.toBe(straight);
    }),
    { numRuns: 50 },
  );
});

test("a touched row costs one bucket, however many rows there are", () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => new CountedRow(`row ${i}`, "old"));
  const trie = new RowTrie();
  const placed = rows.map((row) => trie.add(row));
  const before = hex(trie);
  for (const row of rows) row.reads = 0;
  rows[777]!.text = "new";
  expect(hex(trie)).toBe(before);
  trie.touch(placed[777]!);
  expect(hex(trie)).not.toBe(before);
  expect(rows.reduce((reads, row) => reads + row.reads, 0)).toBeLessThanOrEqual(32);
  expect(hex(trie)).toBe(hex(trieOf(rows)));
});
