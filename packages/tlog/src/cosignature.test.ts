import { readFileSync } from "node:fs";
import { concatBytes, fromBase64, mlDsa44, sha256, toHex, unwrap, utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { nobleVerifies, seed } from "../test/memory-log.ts";
import { cosignatureMessage, readTimestamp, subtreeMessage } from "./cosignature.ts";
import { formatNote, parseNote, parseSignatureLines, verifyNote } from "./note.ts";
import { ed25519Cosigner, ed25519Signer, mlDsa44Cosigner } from "./signer.ts";
import { formatVkey, KEY_TYPE, parseVkey, verifySubtreeCosignature } from "./vkey.ts";

const TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

/**
 * A checkpoint of a Certificate Transparency log of 2026-05-23 with its public witnesses' cosignatures, as the tests of
 * github.com/florolf/tlog-scales hold it. The vkeys are those the witnesses publish.
 */
const REAL = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;
const LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
const WITNESSES = [
  "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
  "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
  "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
  "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
];

describe("cosignature/v1", () => {
  test("a real checkpoint's log and four public witnesses all verify", () => {
    const keys = [LOG, ...WITNESSES].map((vkey) => unwrap(parseVkey(vkey)));
    const { verified, signatures } = unwrap(verifyNote(unwrap(parseNote(utf8(REAL))), keys));
    expect(verified.map((key) => formatVkey(key))).toEqual([LOG, ...WITNESSES]);
    expect(signatures.slice(1).map(({ signature }) => readTimestamp(signature))).toEqual([
      1779573024, 1779573024, 1779573024, 1779573024,
    ]);
  });

  test.each(WITNESSES)("the real cosignature by %s covers the size", (vkey) => {
    const note = unwrap(parseNote(utf8(REAL.replace("1432088532", "1432088533"))));
    expect(verifyNote(note, [unwrap(parseVkey(vkey))])).toMatchObject({ ok: false, fault: { code: "bad-signature" } });
  });

  test("the message is the example of c2sp.org/tlog-cosignature", () => {
    const expected = `cosignature/v1\ntime 1679315147\n${TEXT}`;
    expect(cosignatureMessage(TEXT, 1679315147)).toEqual(utf8(expected));
  });

  test("the time stands before the signature", () => {
    // TestCosignatureTimestamp of transparency-dev/formats, note/note_cosigv1_test.go
    const blob = fromBase64(
      "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORmnFBOBA==",
    );
    expect(blob && readTimestamp(blob.subarray(4))).toBe(1727964367);
  });

  test("noble accepts what is cosigned here", () => {
    const cosigner = ed25519Cosigner("w.example", seed(9));
    const { signature } = cosigner.cosign(TEXT, 1679315147);
    const message = utf8(`cosignature/v1\ntime 1679315147\n${TEXT}`);
    expect(signature).toHaveLength(72);
    expect(nobleVerifies(cosigner.verifier.publicKey, message, signature.subarray(8))).toBe(true);
    expect(toHex(signature.subarray(0, 8))).toBe("00000000641850cb");
  });

  test("another time, text or key is noticed", () => {
    const cosigner = ed25519Cosigner("w.example", seed(9));
    const { verify } = cosigner.verifier;
    const { signature } = cosigner.cosign(TEXT, 5);
    expect(verify?.(TEXT, signature)).toBe(true);
    expect(verify?.(`${TEXT}extension\n`, signature)).toBe(false);
    for (let at = 0; at < signature.length; at++) {
      const changed = signature.slice();
      changed[at] = (changed[at] as number) ^ 0x80;
      expect(verify?.(TEXT, changed), `byte ${at}`).toBe(false);
    }
    expect(verify?.(TEXT, signature.subarray(0, 71))).toBe(false);
    expect(verify?.(TEXT, new Uint8Array(0))).toBe(false);
  });

  test("a log's key and a cosigner's key of one seed do not stand in for each other", () => {
    const log = ed25519Signer("same.example", seed(9));
    const cosigner = ed25519Cosigner("same.example", seed(9));
    expect(log.verifier.keyId).not.toBe(cosigner.verifier.keyId);
    expect(cosigner.verifier.verify?.(TEXT, log.sign(TEXT).signature)).toBe(false);
    expect(log.verifier.verify?.(TEXT, cosigner.cosign(TEXT, 1).signature)).toBe(false);
  });
});

describe("subtree/v1", () => {
  const hash = sha256(new Uint8Array(0));

  test("the message is laid out as c2sp.org/tlog-cosignature says", () => {
    const message = subtreeMessage("w", 0x0102, { origin: "log", start: 0, end: 0x0304, hash });
    const expected = concatBytes(
      utf8("subtree/v1\n\0"),
      Uint8Array.of(1, 0x77, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0x6c, 0x6f, 0x67),
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4),
      hash,
    );
    expect(message).toEqual(expected);
  });

  test.each([
    ["an origin of 256 bytes", "w", 0, { origin: "o".repeat(256), start: 0, end: 1 }],
    ["a name of 256 bytes", "w".repeat(256), 0, { origin: "o", start: 0, end: 1 }],
    ["a time with a start beyond 0", "w", 1, { origin: "o", start: 8, end: 9 }],
  ])("there is no message for %s", (_, name, timestamp, subtree) => {
    expect(subtreeMessage(name, timestamp, { ...subtree, hash })).toBeUndefined();
  });
});

interface SubtreeVector {
  readonly origin: string;
  readonly start: number;
  readonly end: number;
  readonly root: string;
  readonly vkey: string;
  readonly line: string;
}

describe("ML-DSA-44 cosignatures", () => {
  const path = new URL("../test/ml-dsa-44-subtree.json", import.meta.url);
  const vector = JSON.parse(readFileSync(path, "utf8")) as SubtreeVector;
  const key = unwrap(parseVkey(vector.vkey));
  const signature = unwrap(parseSignatureLines(`${vector.line}\n`))[0]?.signature ?? new Uint8Array(0);
  const subtree = { ...vector, hash: fromBase64(vector.root) ?? new Uint8Array(0) };

  test("the vkey of filippo.io/torchwood reads everywhere, its id checked", () => {
    expect(key).toMatchObject({ name: "witness.example/w1", type: KEY_TYPE.mlDsa44 });
    expect(key.publicKey).toHaveLength(1312);
    expect(parseVkey(vector.vkey.replace("7118e8f9", "7118e8f8")).ok).toBe(false);
  });

  test.runIf(mlDsa44 === undefined)("where the platform has no ML-DSA, its keys are unknown keys", () => {
    const witness = ed25519Cosigner("w.example", seed(9));
    const line = { name: key.name, keyId: key.keyId, signature };
    const note = { text: TEXT, signatures: [line, witness.cosign(TEXT, 1)] };
    expect(key.verify).toBeUndefined();
    expect(mlDsa44Cosigner("w", seed(1))).toBeUndefined();
    expect(verifySubtreeCosignature(key, subtree, signature)).toBe(false);
    expect(unwrap(verifyNote(note, [key, witness.verifier])).verified).toEqual([witness.verifier]);
  });

  describe.skipIf(mlDsa44 === undefined)("on this platform", () => {
    test("the subtree cosignature of filippo.io/torchwood verifies", () => {
      expect(verifySubtreeCosignature(key, subtree, signature)).toBe(true);
      expect(verifySubtreeCosignature(key, { ...subtree, end: 14 }, signature)).toBe(false);
      expect(verifySubtreeCosignature(key, { ...subtree, origin: "example.com/lag" }, signature)).toBe(false);
      expect(verifySubtreeCosignature({ ...key, name: "other" }, subtree, signature)).toBe(false);
      expect(verifySubtreeCosignature(key, subtree, signature.subarray(1))).toBe(false);
    });

    test("a checkpoint cosigned here verifies, and covers time, size and root but no extension lines", () => {
      const cosigner = mlDsa44Cosigner("pq.example", seed(4));
      if (cosigner === undefined) throw new Error("no ML-DSA");
      const made = cosigner.cosign(TEXT, 1679315147);
      const known = unwrap(parseVkey(formatVkey(cosigner.verifier)));
      expect(made.signature).toHaveLength(2428);
      expect(
        unwrap(verifyNote(unwrap(parseNote(formatNote({ text: TEXT, signatures: [made] }))), [known])).verified,
      ).toEqual([known]);
      expect(known.verify?.(TEXT.replace("20852163", "20852164"), made.signature)).toBe(false);
      expect(known.verify?.(`${TEXT}extension\n`, made.signature)).toBe(true);
      expect(known.verify?.("not a checkpoint\n", made.signature)).toBe(false);
      const later = made.signature.slice();
      later[7] = (later[7] as number) + 1;
      expect(known.verify?.(TEXT, later)).toBe(false);
    });
  });
});
