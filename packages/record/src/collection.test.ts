import { createHash, createHmac } from "node:crypto";
import { canonicalJsonBytes, concatBytes, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatOpening, itemSalt, makeCollection, type Opening, parseOpening, verifyOpening } from "./collection.ts";
import { bytesOf, hexOf } from "./testing/samples.ts";

const items = Array.from({ length: 13 }, (_, i) => canonicalJsonBytes({ kind: "domain", value: `e${i}.example` }));
const key = bytesOf("key");

function sha(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** The Merkle tree hash as RFC 6962 §2.1 defines it, over salted items. */
function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0] as Uint8Array);
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return sha(Uint8Array.of(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

function salted(list: readonly Uint8Array[]): Uint8Array[] {
  return list.map((item, i) => {
    const index = Buffer.alloc(8);
    index.writeBigUInt64BE(BigInt(i));
    return Buffer.concat([createHmac("sha256", key).update(index).digest(), item]);
  });
}

describe("a collection", () => {
  it("has the root that RFC 6962 gives its salted items, at every size", () => {
    for (let count = 0; count <= items.length; count++) {
      const list = items.slice(0, count);
      const root = Buffer.from(treeHash(salted(list))).toString("hex");
      expect(makeCollection(key, list).root()).toEqual({ root, count });
    }
  });

  it("opens every item, at every size", () => {
    for (let count = 1; count <= items.length; count++) {
      const collection = makeCollection(key, items.slice(0, count));
      for (let i = 0; i < count; i++) {
        const opening = collection.open(i, items[i] as Uint8Array);
        expect(verifyOpening(collection.root(), opening).ok).toBe(true);
        expect(verifyOpening(collection.root(), unwrap(parseOpening(formatOpening(opening)))).ok).toBe(true);
      }
    }
  });

  it("refuses every change of an opening", () => {
    const collection = makeCollection(key, items);
    const root = collection.root();
    const opening = collection.open(5, items[5] as Uint8Array);
    const flip = (bytes: Uint8Array, bit: number): Uint8Array => {
      const changed = bytes.slice();
      changed[(bit >> 3) % bytes.length] = (changed[(bit >> 3) % bytes.length] as number) ^ (1 << (bit & 7));
      return changed;
    };
    const change = fc.nat({ max: 2000 }).chain((bit) =>
      fc.constantFrom<Partial<Opening>>(
        { salt: flip(opening.salt, bit) },
        { item: flip(opening.item, bit) },
        {
          proof: opening.proof.with(
            bit % opening.proof.length,
            flip(opening.proof[bit % opening.proof.length] as Uint8Array, bit),
          ),
        },
        { proof: opening.proof.slice(0, -1) },
        { proof: [...opening.proof, bytesOf("more")] },
        { index: bit === 5 ? 6 : bit },
      ),
    );
    fc.assert(
      fc.property(change, (changed) => {
        expect(verifyOpening(root, { ...opening, ...changed }).ok).toBe(false);
      }),
    );
    expect(verifyOpening({ ...root, root: hexOf("other") }, opening).ok).toBe(false);
    expect(verifyOpening({ ...root, root: "" }, opening).ok).toBe(false);
    expect(verifyOpening({ ...root, count: 3 }, opening).ok).toBe(false);
  });

  it("keeps the border between salt and item", () => {
    const collection = makeCollection(key, items);
    const opening = collection.open(5, items[5] as Uint8Array);
    const joined = concatBytes(opening.salt, opening.item);
    const bordersAt = (at: number): boolean =>
      verifyOpening(collection.root(), { ...opening, salt: joined.subarray(0, at), item: joined.subarray(at) }).ok;
    expect([31, 32, 33].map(bordersAt)).toEqual([false, true, false]);
  });

  it("salts each item of each collection differently", () => {
    const salts = ["one", "two"].flatMap((name) =>
      [0, 1, 2 ** 32].map((i) => Buffer.from(itemSalt(bytesOf(name), i)).toString("hex")),
    );
    expect(new Set(salts).size).toBe(salts.length);
  });

  it("has another root for another key: the root alone lets nobody test a guess", () => {
    expect(makeCollection(key, items).root().root).not.toBe(makeCollection(bytesOf("other"), items).root().root);
  });

  it("needs a key of 32 bytes and items of at most 16 KiB", () => {
    expect(() => makeCollection(new Uint8Array(31), [])).toThrow("32 bytes");
    expect(() => makeCollection(key, [new Uint8Array(16_385)])).toThrow("16384 bytes");
  });
});

describe("parseOpening", () => {
  it("reads these bytes", () => {
    const text = `{"index":1,"item":{"a":[1]},"proof":["${hexOf("p")}"],"salt":"${hexOf("s")}","v":1}`;
    expect(unwrap(parseOpening(utf8(text)))).toEqual({
      index: 1,
      salt: bytesOf("s"),
      item: utf8('{"a":[1]}'),
      proof: [bytesOf("p")],
    });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.jsonValue({ maxDepth: 2 }), (bytes, value) => {
        expect(() => parseOpening(bytes)).not.toThrow();
        const text = JSON.stringify({ index: 0, item: value, proof: value, salt: hexOf("s"), v: 1 });
        expect(() => parseOpening(utf8(text))).not.toThrow();
      }),
    );
    expect(parseOpening(new Uint8Array(17_000_000))).toMatchObject({ fault: { code: "too-large" } });
  });
});
