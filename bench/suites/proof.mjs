import { createHash } from "node:crypto";
import { unwrap } from "@detente/basics";
import { LogStore } from "@detente/store";
import { inclusionProof, leafHash, MemoryTree, verifyInclusion } from "@detente/tlog";
import merkletreejs from "merkletreejs";
import { growTo, smallEntry } from "../lib/grow.mjs";
import { leastOf, microseconds, numbers, progress } from "../lib/measure.mjs";
import { withDirectory } from "../lib/workspace.mjs";

/** @typedef {import("../lib/report.mjs").Row} Row */

const { MerkleTree } = merkletreejs;
const CALLS = 20_000;
/** Verifying takes merkletreejs tens of microseconds. */
const VERIFIED = 2000;
const GROUP = "Inclusion proofs, uniformly chosen leaves";
const PEER = "merkletreejs";

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** @param {{ quick: boolean, dir: string | undefined }} options @returns {Promise<Row[]>} */
export async function proof({ quick, dir }) {
  const size = quick ? 20_000 : 1_000_000;
  const entries = Array.from({ length: size }, (_, i) => smallEntry(i));
  progress(`a tree of ${size.toLocaleString("en-US")} in memory`);
  const tree = new MemoryTree();
  for (const entry of entries) tree.append(leafHash(entry));
  progress("the same in a store");
  return withDirectory(dir, async (directory) => {
    const store = unwrap(await LogStore.open({ directory, staged: "drop" }));
    await growTo(store, size);
    progress("the same by merkletreejs");
    const peer = new MerkleTree(
      entries.map((entry) => Buffer.from(leafHash(entry))),
      sha256,
    );
    const rows = await compare(size, { tree, store, peer });
    await store.close();
    return rows;
  });
}

/** @param {number} size @param {{ tree: MemoryTree, store: LogStore, peer: InstanceType<typeof MerkleTree> }} trees @returns {Promise<Row[]>} */
async function compare(size, { tree, store, peer }) {
  const random = numbers(1);
  const indexes = Array.from({ length: CALLS }, () => random(size));
  const at = (/** @type {number} */ call) => /** @type {number} */ (indexes[call]);
  const stored = store.hashReader(size);
  for (let index = 0; index < size; index += 256) inclusionProof(index, size, stored);
  const leaves = peer.getLeaves();
  const noLeaf = Buffer.alloc(0); // Not looked at where the index is given.
  const proofs = indexes.map((index) => inclusionProof(index, size, tree.reader));
  const peerProofs = indexes.map((index) => peer.getProof(noLeaf, index));
  const root = tree.root();
  const peerRoot = peer.getRoot();
  const least = await leastOf(
    {
      memory: () => microseconds(CALLS, (call) => void inclusionProof(at(call), size, tree.reader)),
      store: () => microseconds(CALLS, (call) => void inclusionProof(at(call), size, stored)),
      peer: () => microseconds(CALLS, (call) => void peer.getProof(noLeaf, at(call))),
      verify: () =>
        microseconds(VERIFIED, (call) => {
          const hash = /** @type {Uint8Array} */ (leaves[at(call)]);
          unwrap(verifyInclusion(at(call), size, hash, proofs[call] ?? [], root));
        }),
      peerVerify: () =>
        microseconds(VERIFIED, (call) => {
          const hash = /** @type {Buffer} */ (leaves[at(call)]);
          if (!MerkleTree.verify(peerProofs[call] ?? [], hash, peerRoot, sha256)) throw new Error("refused");
        }),
    },
    7,
  );
  const place = size.toLocaleString("en-US");
  const target = { of: /** @type {const} */ ("ours"), bound: 10, notJudged: size < 1_000_000 };
  const common = /** @type {const} */ ({ group: GROUP, unit: "µs", better: "less" });
  const made = { name: PEER, value: least.peer };
  return [
    { ...common, what: `made, ${place} leaves in memory`, ours: least.memory, than: made, target },
    { ...common, what: `made, ${place} entries in a warm store`, ours: least.store, than: made, target },
    { ...common, what: `verified, ${place}`, ours: least.verify, than: { name: PEER, value: least.peerVerify } },
  ];
}
