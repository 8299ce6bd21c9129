import { fromHex, present, toHex, type Bytes } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consistencyProof } from "./consistency.ts";
import { leafHash, nodeHash } from "./hash.ts";
import { inclusionProof } from "./inclusion.ts";
import { farReader, mth, treeOf } from "./testing/rfc6962.ts";
import { treeRoot } from "./tree.ts";

describe("the tree hash, RFC 6962 §2.1", () => {
  // The eight leaves and their roots that the tests of Certificate Transparency's own implementations use.
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
  const roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];
  const tree = treeOf(leaves.map((hex) => present(fromHex(hex), "hex")));

  it.each(roots.map((root, size) => ({ root, size })))("of $size leaves of the CT test data", ({ root, size }) => {
    expect(toHex(tree.root(size))).toBe(root);
  });

  it("is that of the definition, for the whole tree and every earlier size", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (entries) => {
        const grown = treeOf(entries);
        expect(grown.size).toBe(entries.length);
        for (let size = 0; size <= entries.length; size++) {
          expect(toHex(grown.root(size))).toBe(toHex(mth(entries.slice(0, size))));
        }
      }),
      { numRuns: 20 },
    );
  });

  it("reads one hash for each bit set in the size, also beyond 2^31", () => {
    const read: string[] = [];
    treeRoot(2 ** 40 + 2 ** 31 + 5, (level, index) => {
      read.push(`${level}/${index}`);
      return farReader(level, index);
    });
    expect(read).toEqual(["40/0", "31/512", "2/275414777856", "0/1101659111428"]);
  });
});

describe("the example of seven leaves, RFC 6962 §2.1.3", () => {
  // The letters are those of its drawing.
  const entries = Array.from({ length: 7 }, (_, i) => Uint8Array.of(i));
  const [a, b, c, d, e, f, j] = entries.map(leafHash) as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes];
  const [g, h, i] = [nodeHash(a, b), nodeHash(c, d), nodeHash(e, f)];
  const [k, l] = [nodeHash(g, h), nodeHash(i, j)];
  const tree = treeOf(entries);

  it("has the root of the drawing", () => expect(tree.root()).toEqual(nodeHash(k, l)));

  it("gives its audit paths", () => {
    expect(inclusionProof(0, 7, tree.reader)).toEqual([b, h, l]);
    expect(inclusionProof(3, 7, tree.reader)).toEqual([c, g, l]);
    expect(inclusionProof(4, 7, tree.reader)).toEqual([f, j, k]);
    expect(inclusionProof(6, 7, tree.reader)).toEqual([i, k]);
  });

  it("gives its consistency proofs", () => {
    expect(consistencyProof(3, 7, tree.reader)).toEqual([c, d, g, l]);
    expect(consistencyProof(4, 7, tree.reader)).toEqual([l]);
    expect(consistencyProof(6, 7, tree.reader)).toEqual([i, j, k]);
  });
});
