import { type Bytes, sha256, unwrap, utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import {
  bodyText,
  checkpointNote,
  get,
  logOf,
  logSigner,
  type MemoryLog,
  ORIGIN,
  seed,
  witnessKey,
} from "../test/memory-log.ts";
import { add, offer, witnessBench } from "../test/witness-bench.ts";
import { formatCheckpoint } from "./checkpoint.ts";
import { consistencyProof } from "./consistency.ts";
import { readTimestamp } from "./cosignature.ts";
import { emptyRoot } from "./hash.ts";
import { MemoryHeadStore } from "./head-store.ts";
import { parseNote, parseSignatureLines, verifyNote } from "./note.ts";
import { ed25519Cosigner, ed25519Signer, signNote } from "./signer.ts";
import type { WireResponse } from "./wire.ts";
import { originHash, type WitnessState } from "./witness.ts";

/** The times of the cosignatures in an answer, each verified over the log's checkpoint. */
function cosignedAt(response: WireResponse, log: MemoryLog, size: number): (number | undefined)[] {
  expect(response.status).toBe(200);
  const { text } = unwrap(parseNote(checkpointNote(log, size)));
  const lines = unwrap(parseSignatureLines(bodyText(response)));
  const { signatures } = unwrap(verifyNote({ text, signatures: lines }, [witnessKey.verifier]));
  return signatures.map(({ signature }) => readTimestamp(signature));
}

describe("a growing log", () => {
  test("each checkpoint is cosigned, at the time of the clock", async () => {
    const { witness } = witnessBench();
    const log = await logOf(20);
    expect(cosignedAt(await add(witness, log, 0, 7), log, 7)).toEqual([1_700_000_000]);
    expect(cosignedAt(await add(witness, log, 7, 20), log, 20)).toEqual([1_700_000_000]);
  });

  test("asking again without growth gives a fresh time", async () => {
    const made = witnessBench();
    const log = await logOf(5);
    await add(made.witness, log, 0, 5);
    made.now += 60_000;
    expect(cosignedAt(await add(made.witness, log, 5, 5), log, 5)).toEqual([1_700_000_060]);
  });

  test("time never goes back, even if the clock does", async () => {
    const made = witnessBench();
    const log = await logOf(9);
    await add(made.witness, log, 0, 5);
    made.now -= 3_600_000;
    expect(cosignedAt(await add(made.witness, log, 5, 9), log, 9)).toEqual([1_700_000_000]);
  });

  test("monitors get the note with the log's signature and the witness's", async () => {
    const { witness } = witnessBench();
    const log = await logOf(5);
    const path = `/${originHash(ORIGIN)}/checkpoint`;
    expect((await witness.handle(get(path))).status).toBe(404);
    await add(witness, log, 0, 5);
    const answer = await witness.handle(get(path));
    expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
    const note = unwrap(parseNote(answer.body));
    const { verified } = unwrap(verifyNote(note, [logSigner.verifier, witnessKey.verifier]));
    expect(verified.map(({ name }) => name)).toEqual([ORIGIN, "witness.example"]);
    expect((await witness.handle(get(`/${originHash("other")}/checkpoint`))).status).toBe(404);
  });

  test("keys are looked up for each request: a log that changed its key goes on", async () => {
    const made = witnessBench();
    const log = await logOf(9);
    await add(made.witness, log, 0, 5);
    const next = ed25519Signer(ORIGIN, seed(11));
    const note = checkpointNote(log, 9, next);
    const proof = consistencyProof(5, 9, log.tree.reader);
    expect((await offer(made.witness, 5, proof, note)).status).toBe(403);
    made.keys = [next.verifier];
    expect((await offer(made.witness, 5, proof, note)).status).toBe(200);
  });
});

describe("the empty tree", () => {
  function emptyNote(root: Bytes): Bytes {
    return signNote(formatCheckpoint({ origin: ORIGIN, size: 0, root, extensions: [] }), [logSigner]);
  }

  test("is cosigned with its own root, again and again, and then grows", async () => {
    const { witness } = witnessBench();
    const log = await logOf(3);
    expect((await offer(witness, 0, [], emptyNote(emptyRoot))).status).toBe(200);
    expect((await offer(witness, 0, [], emptyNote(emptyRoot))).status).toBe(200);
    expect((await add(witness, log, 0, 3)).status).toBe(200);
  });

  test("with another root is refused and reported", async () => {
    const { witness, suspicions } = witnessBench();
    const note = emptyNote(sha256(utf8("not nothing")));
    expect((await offer(witness, 0, [], note)).status).toBe(422);
    expect(suspicions).toEqual([{ origin: ORIGIN, kind: "other-root", offered: note, held: undefined }]);
  });

  test("needs no proof to grow from, and takes none", async () => {
    const { witness, suspicions } = witnessBench();
    const log = await logOf(3);
    expect((await offer(witness, 0, [sha256(utf8("x"))], checkpointNote(log))).status).toBe(422);
    expect(suspicions).toEqual([]);
  });
});

test("a witness with Ed25519 keys under two names signs with both", async () => {
  const second = ed25519Cosigner("second.example", seed(5));
  const { witness } = witnessBench(new MemoryHeadStore<WitnessState>(), [witnessKey, second]);
  const lines = unwrap(parseSignatureLines(bodyText(await add(witness, await logOf(3), 0, 3))));
  expect(lines.map(({ name }) => name)).toEqual(["witness.example", "second.example"]);
});
