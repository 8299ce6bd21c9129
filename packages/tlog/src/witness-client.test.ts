import { type Bytes, concatBytes, unwrap, utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import {
  bodyText,
  checkpointNote,
  logOf,
  logSigner,
  type MemoryLog,
  ORIGIN,
  recording,
  seed,
  witnessKey,
} from "../test/memory-log.ts";
import { consistencyProof } from "./consistency.ts";
import { MemoryHeadStore } from "./head-store.ts";
import { parseNote, verifyNote } from "./note.ts";
import { ed25519Cosigner } from "./signer.ts";
import { type Send, textResponse } from "./wire.ts";
import { submitCheckpoint, type Submission } from "./witness-client.ts";
import { signatureResponse, Witness, type WitnessState } from "./witness.ts";

function newWitness(): Send {
  const witness = new Witness({
    cosigners: [witnessKey],
    store: new MemoryHeadStore<WitnessState>(),
    logKeys: () => [logSigner.verifier],
    originOfHash: () => undefined,
    onSuspicion: () => undefined,
    now: () => 1_700_000_000_000,
  });
  return (request) => witness.handle(request);
}

function submission(send: Send, log: MemoryLog, size: number, oldSize = 0): Submission {
  return {
    send,
    note: checkpointNote(log, size),
    oldSize,
    proof: (from, to) => Promise.resolve(consistencyProof(from, to, log.tree.reader)),
    witnessKeys: [witnessKey.verifier],
  };
}

describe("with a witness", () => {
  test("cosignatures come back verified, and the note with them verifies", async () => {
    const log = await logOf(9);
    const signatures = unwrap(await submitCheckpoint(submission(newWitness(), log, 9)));
    const { text, signatures: own } = unwrap(parseNote(checkpointNote(log, 9)));
    const keys = [logSigner.verifier, witnessKey.verifier];
    expect(unwrap(verifyNote({ text, signatures: [...own, ...signatures] }, keys)).verified).toEqual(keys);
  });

  test.each([
    ["nothing known of the witness", 0, 2],
    ["the right size known", 5, 1],
    ["a wrong size known", 7, 2],
    ["a size beyond the checkpoint known", 99, 2],
  ])("%s (%i): requests made, %i", async (_, oldSize, requests) => {
    const log = await logOf(9);
    const { send, sent } = recording(newWitness());
    unwrap(await submitCheckpoint(submission(send, log, 5)));
    sent.length = 0;
    unwrap(await submitCheckpoint(submission(send, log, 9, oldSize)));
    expect(sent).toHaveLength(requests);
    expect(sent[0]).toMatchObject({ method: "POST", path: "/add-checkpoint" });
  });

  test("a witness that knows a larger tree is reported with its size", async () => {
    const log = await logOf(9);
    const send = newWitness();
    unwrap(await submitCheckpoint(submission(send, log, 9)));
    expect(await submitCheckpoint(submission(send, log, 5))).toMatchObject({
      ok: false,
      fault: { code: "ahead", size: 9 },
    });
  });

  test("a refusal is reported with status and reason", async () => {
    const log = await logOf(9);
    const send = newWitness();
    unwrap(await submitCheckpoint(submission(send, await logOf(5, "fork", 3), 5)));
    const outcome = await submitCheckpoint(submission(send, log, 9, 5));
    expect(outcome).toMatchObject({ ok: false, fault: { code: "refused", status: 422 } });
  });
});

describe("with a witness that misbehaves", () => {
  async function against(send: Send): Promise<string> {
    const outcome = await submitCheckpoint(submission(send, await logOf(9), 9));
    return outcome.ok ? "accepted" : outcome.fault.code;
  }
  const answering =
    (status: number, text: string, type?: string): Send =>
    () =>
      Promise.resolve(textResponse(status, text, type));

  test("no answer", async () => {
    expect(await against(() => Promise.reject(new Error("connection refused")))).toBe("unreachable");
  });

  test("a cosignature over another checkpoint is not accepted", async () => {
    const { text } = unwrap(parseNote(checkpointNote(await logOf(8))));
    expect(await against(() => Promise.resolve(signatureResponse([witnessKey.cosign(text, 1)])))).toBe(
      "bad-cosignature",
    );
  });

  test("cosignatures by unknown keys only are not accepted; beside a known one they are left out", async () => {
    const { text } = unwrap(parseNote(checkpointNote(await logOf(9))));
    const stranger = ed25519Cosigner("witness.example", seed(40)).cosign(text, 1);
    expect(await against(() => Promise.resolve(signatureResponse([stranger])))).toBe("bad-cosignature");
    const send: Send = () => Promise.resolve(signatureResponse([stranger, witnessKey.cosign(text, 1)]));
    const signatures = unwrap(await submitCheckpoint(submission(send, await logOf(9), 9)));
    expect(signatures.map(({ keyId }) => keyId)).toEqual([witnessKey.verifier.keyId]);
  });

  test.each([
    ["an empty answer", answering(200, ""), "bad-answer"],
    ["an answer that is no signature line", answering(200, "thanks\n"), "bad-answer"],
    ["a flood", answering(200, "x".repeat(1 << 20)), "bad-answer"],
    [
      "bytes that are no text",
      () => Promise.resolve({ status: 200, headers: {}, body: Uint8Array.of(0xff) }),
      "bad-answer",
    ],
    ["409 in another media type", answering(409, "5\n"), "bad-answer"],
    ["409 without a newline", answering(409, "5", "text/x.tlog.size"), "bad-answer"],
    ["409 with no number", answering(409, "five\n", "text/x.tlog.size"), "bad-answer"],
    ["409 with a flood", answering(409, `${"1".repeat(100)}\n`, "text/x.tlog.size"), "bad-answer"],
    ["409 with our own size, for ever", answering(409, "5\n", "text/x.tlog.size"), "contended"],
    ["a redirect", answering(302, ""), "refused"],
    ["500 with a flood", answering(500, "x".repeat(1 << 20)), "refused"],
  ])("%s", async (_, send, code) => {
    expect(await against(send)).toBe(code);
  });

  test("the reason of a refusal is quoted shortly", async () => {
    const outcome = await submitCheckpoint(submission(answering(500, "x".repeat(1 << 20)), await logOf(9), 9));
    expect(outcome.ok ? 0 : outcome.fault.message.length).toBeLessThan(300);
  });
});

test("the witness's media type may carry parameters", async () => {
  const log = await logOf(9);
  const witness = newWitness();
  const send: Send = async (request) => {
    const answer = await witness(request);
    return answer.status === 409 ? textResponse(409, bodyText(answer), "text/x.tlog.size; charset=utf-8") : answer;
  };
  unwrap(await submitCheckpoint(submission(send, log, 5)));
  expect(unwrap(await submitCheckpoint(submission(send, log, 9)))).toHaveLength(1);
});

test("what is submitted must be a checkpoint", async () => {
  const garbage: Bytes = concatBytes(utf8(ORIGIN), utf8("\n"));
  const log = await logOf(9);
  await expect(submitCheckpoint({ ...submission(newWitness(), log, 9), note: garbage })).rejects.toThrow("checkpoint");
});
