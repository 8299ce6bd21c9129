import { type Bytes, concatBytes, sha256, toBase64, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkpointNote, logOf, logSigner, type MemoryLog, witnessKey } from "../test/memory-log.ts";
import { leafHash } from "./hash.ts";
import { inclusionProof } from "./inclusion.ts";
import { formatSignatureLine, parseNote } from "./note.ts";
import { parsePolicy } from "./policy.ts";
import { formatTlogProof, parseTlogProof, type TlogProof, verifyTlogProof } from "./tlog-proof.ts";
import { formatVkey } from "./vkey.ts";

const H1 = sha256(utf8("hash1"));
const H2 = sha256(utf8("hash2"));

// The cases of transparency-dev/formats, proof/tlog_proof_test.go.
describe("the text form", () => {
  test.each([
    [
      { extra: undefined, index: 5, hashes: [H1, H2], note: utf8("test checkpoint\n") },
      `c2sp.org/tlog-proof@v1\nindex 5\n${toBase64(H1)}\n${toBase64(H2)}\n\ntest checkpoint\n`,
    ],
    [
      { extra: utf8("extra information"), index: 10, hashes: [H1], note: utf8("checkpoint data\n") },
      `c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n${toBase64(H1)}\n\ncheckpoint data\n`,
    ],
    [
      { extra: undefined, index: 0, hashes: [], note: utf8("checkpoint\n") },
      "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n",
    ],
  ])("%#", (proof, text) => {
    expect(formatTlogProof(proof)).toEqual(utf8(text));
    expect(unwrap(parseTlogProof(utf8(text)))).toEqual(proof);
  });

  test.each([
    "wrong-header\nindex 0\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nextra QUJD\nextra QUJD\nindex 0\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nindex 0\nextra QUJD\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\ncheckpoint\n",
    "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
    `c2sp.org/tlog-proof@v1\nindex 0\n${toBase64(new Uint8Array(64))}\n\ncheckpoint\n`,
    `c2sp.org/tlog-proof@v1\nindex 0\n${`${toBase64(H1)}\n`.repeat(64)}\ncheckpoint\n`,
    `c2sp.org/tlog-proof@v1\nindex 0\n${"a".repeat(65 * 1024)}\n`,
    "c2sp.org/tlog-proof@v1\nindex 0\n",
    "",
  ])("malformed: no. %#", (text) => {
    expect(parseTlogProof(utf8(text))).toMatchObject({ ok: false, fault: { code: "malformed-proof" } });
  });

  test("nothing makes the reader throw, and what it reads it writes back", () => {
    const parts = ["c2sp.org/tlog-proof@v1\n", "extra QUJD\n", "index 3\n", `${toBase64(H1)}\n`, "\n", "x\n", "— "];
    const texts = fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((chosen) => utf8(chosen.join("")));
    fc.assert(
      fc.property(fc.oneof(texts, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        const proof = parseTlogProof(bytes);
        expect(proof.ok ? formatTlogProof(proof.value) : bytes).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("verification offline", () => {
  const policy = unwrap(
    parsePolicy(
      utf8(`log ${formatVkey(logSigner.verifier)}\nwitness w ${formatVkey(witnessKey.verifier)}\nquorum w\n`),
    ),
  );

  async function proven(size: number, index: number): Promise<{ log: MemoryLog; proof: TlogProof; leaf: Bytes }> {
    const log = await logOf(size);
    const own = checkpointNote(log);
    const cosignature = formatSignatureLine(witnessKey.cosign(unwrap(parseNote(own)).text, 1_700_000_000));
    const note = concatBytes(own, utf8(cosignature));
    const hashes = inclusionProof(index, size, log.tree.reader);
    return { log, proof: { extra: undefined, index, hashes, note }, leaf: leafHash(log.stored[index] as Bytes) };
  }

  function outcome(proof: TlogProof, leaf: Bytes): string {
    const verified = verifyTlogProof(proof, leaf, policy);
    return verified.ok ? `size ${verified.value.checkpoint.size}` : verified.fault.code;
  }

  test("every entry of logs of many sizes, through the file", async () => {
    for (const size of [1, 2, 3, 7, 8, 100]) {
      for (const index of new Set([0, size >> 1, size - 1])) {
        const { proof, leaf } = await proven(size, index);
        expect(outcome(unwrap(parseTlogProof(formatTlogProof(proof))), leaf)).toBe(`size ${size}`);
      }
    }
  });

  test("another entry, index or hash is refused", async () => {
    const { log, proof, leaf } = await proven(100, 42);
    expect(outcome(proof, leafHash(log.stored[43] as Bytes))).toBe("root-mismatch");
    expect(outcome({ ...proof, index: 43 }, leaf)).toBe("root-mismatch");
    expect(outcome({ ...proof, index: 100 }, leaf)).toBe("range");
    expect(outcome({ ...proof, hashes: proof.hashes.slice(1) }, leaf)).toBe("proof-length");
    expect(outcome({ ...proof, hashes: proof.hashes.with(2, H1) }, leaf)).toBe("root-mismatch");
  });

  test("a checkpoint without the witness is refused", async () => {
    const { log, proof, leaf } = await proven(100, 42);
    expect(outcome({ ...proof, note: checkpointNote(log) }, leaf)).toBe("no-quorum");
  });

  test("extra data is carried, and proves nothing", async () => {
    const { proof, leaf } = await proven(100, 42);
    expect(outcome({ ...proof, extra: utf8("anything") }, leaf)).toBe("size 100");
  });

  test("any changed bit of the file either breaks it or changes nothing that is proven", async () => {
    const { proof, leaf } = await proven(20, 11);
    const bytes = formatTlogProof(proof);
    const { checkpoint } = unwrap(verifyTlogProof(proof, leaf, policy));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ (1 << bit);
        const read = parseTlogProof(changed);
        const verified = read.ok ? verifyTlogProof(read.value, leaf, policy) : read;
        expect(verified.ok ? verified.value.checkpoint : checkpoint).toEqual(checkpoint);
      }),
      { numRuns: 400 },
    );
  });
});
