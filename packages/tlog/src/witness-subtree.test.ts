import { concatBytes, mlDsa44, unwrap, utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { bodyText, checkpointNote, logOf, ORIGIN, post, seed, witnessKey } from "../test/memory-log.ts";
import { add, witnessBench } from "../test/witness-bench.ts";
import { emptyRoot } from "./hash.ts";
import { MemoryHeadStore } from "./head-store.ts";
import { parseNote, parseSignatureLines, verifyNote } from "./note.ts";
import { type Cosigner, mlDsa44Cosigner } from "./signer.ts";
import { subtreeConsistencyProof, subtreeRoot } from "./subtree.ts";
import { verifySubtreeCosignature } from "./vkey.ts";
import type { WireResponse } from "./wire.ts";
import type { WitnessState } from "./witness.ts";
import { formatSignSubtree } from "./witness-message.ts";

describe("sign-subtree", () => {
  test("is not offered without a key that can sign subtrees", async () => {
    const { witness } = witnessBench();
    expect((await witness.handle(post("/sign-subtree", utf8("anything")))).status).toBe(404);
  });

  test.skipIf(mlDsa44 === undefined)("a subtree of a tree cosigned here is signed, with time 0", async () => {
    const pq = mlDsa44Cosigner("pq.example", seed(4)) as Cosigner;
    const { witness } = witnessBench(new MemoryHeadStore<WitnessState>(), [witnessKey, pq]);
    const log = await logOf(14);
    const cosigned = await add(witness, log, 0, 14);
    const note = concatBytes(checkpointNote(log), cosigned.body);
    const ask = (start: number, end: number, changes: object = {}): Promise<WireResponse> => {
      const proof = subtreeConsistencyProof(start, end, 14, log.tree.reader);
      const hash = subtreeRoot(start, end, log.tree.reader);
      return witness.handle(post("/sign-subtree", formatSignSubtree({ start, end, hash, proof, note, ...changes })));
    };
    const answer = await ask(8, 13);
    const [line] = unwrap(parseSignatureLines(bodyText(answer)));
    const subtree = { origin: ORIGIN, start: 8, end: 13, hash: subtreeRoot(8, 13, log.tree.reader) };
    expect(verifySubtreeCosignature(pq.verifier, subtree, line?.signature ?? new Uint8Array(0))).toBe(true);

    expect((await ask(8, 13, { hash: emptyRoot })).status).toBe(422);
    expect((await ask(8, 13, { proof: [] })).status).toBe(422);
    expect((await ask(8, 13, { note: checkpointNote(log) })).status).toBe(403);
    expect((await ask(8, 13, { note: concatBytes(checkpointNote(log, 13), cosigned.body) })).status).toBe(403);
    expect((await ask(8, 13, { end: 15 })).status).toBe(400);
    expect((await ask(8, 13, { start: 13 })).status).toBe(400);
  });

  test.skipIf(mlDsa44 === undefined)("both keys of a witness cosign each checkpoint", async () => {
    const pq = mlDsa44Cosigner("pq.example", seed(4)) as Cosigner;
    const { witness } = witnessBench(new MemoryHeadStore<WitnessState>(), [witnessKey, pq]);
    const log = await logOf(3);
    const lines = unwrap(parseSignatureLines(bodyText(await add(witness, log, 0, 3))));
    const { text } = unwrap(parseNote(checkpointNote(log)));
    const keys = [witnessKey.verifier, pq.verifier];
    expect(unwrap(verifyNote({ text, signatures: lines }, keys)).verified).toEqual(keys);
  });
});
