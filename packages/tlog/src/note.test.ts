import { type Bytes, fromBase64, toBase64, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nobleVerifies, seed } from "../test/memory-log.ts";
import { formatNote, formatSignatureLine, MAX_NOTE_LENGTH, parseNote, verifyNote } from "./note.ts";
import { ed25519Signer, signNote } from "./signer.ts";
import { parseVkey, type Verifier } from "./vkey.ts";

// golang.org/x/mod/sumdb/note, note_test.go
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_SEED = (fromBase64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz") as Bytes).subarray(1);
const PETER = unwrap(parseVkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
const ENOCH = unwrap(parseVkey("EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"));
const PETER_LINE =
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE =
  "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

function open(note: string | Bytes, keys: readonly Verifier[]): string {
  const parsed = parseNote(typeof note === "string" ? utf8(note) : note);
  if (!parsed.ok) return parsed.fault.code;
  const verified = verifyNote(parsed.value, keys);
  return verified.ok ? verified.value.verified.map(({ name }) => name).join(",") : verified.fault.code;
}

describe("the vectors of golang.org/x/mod/sumdb/note", () => {
  test("signing gives the published note, byte for byte", () => {
    const signer = ed25519Signer("PeterNeumann", PETER_SEED);
    expect(signNote(TEXT, [signer])).toEqual(utf8(`${TEXT}\n${PETER_LINE}`));
  });

  test.each([
    ["one known, one unknown", PETER_LINE + ENOCH_LINE, [PETER], "PeterNeumann"],
    ["both known", PETER_LINE + ENOCH_LINE, [PETER, ENOCH], "PeterNeumann,EnochRoot"],
    ["none known", PETER_LINE + ENOCH_LINE, [], "no-known-signature"],
    ["a key twice in the list is one key", ENOCH_LINE, [ENOCH, PETER, ENOCH], "EnochRoot"],
    ["a line twice counts once", PETER_LINE + PETER_LINE, [PETER], "PeterNeumann"],
    ["a known key's bad signature", `${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`, [PETER], "bad-signature"],
    [
      "a bad signature after a good one by the same key",
      `${PETER_LINE}${PETER_LINE.slice(0, 60)}ABCD${PETER_LINE.slice(60)}`,
      [PETER],
      "bad-signature",
    ],
    [
      "an unknown key's bad signature",
      `${PETER_LINE}${ENOCH_LINE.slice(0, 60)}ABCD${ENOCH_LINE.slice(60)}`,
      [PETER],
      "PeterNeumann",
    ],
    ["65 signatures", PETER_LINE.repeat(65), [PETER], "malformed-note"],
    ["64 signatures", PETER_LINE.repeat(64), [PETER], "PeterNeumann"],
  ])("%s", (_, lines, keys, outcome) => {
    expect(open(`${TEXT}\n${lines}`, keys)).toBe(outcome);
  });

  test.each([
    TEXT,
    `${TEXT}\n`,
    `${TEXT}\n${PETER_LINE.slice(0, -1)}`,
    `\u0001${TEXT}\n${PETER_LINE}`,
    `${TEXT}\r\n${PETER_LINE}`,
    `${TEXT}\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`,
    `${TEXT}\n${PETER_LINE}Unexpected line.\n`,
    `${TEXT}\n- PeterNeumann x08go/ZJ\n`,
    `${TEXT}\n— PeterNeumann x08goA==\n`,
    "",
  ])("malformed: %j", (note) => {
    expect(open(note, [PETER])).toBe("malformed-note");
  });

  test("bytes that are not UTF-8 are no note", () => {
    const note = utf8(`x${TEXT}\n${PETER_LINE}`);
    note[0] = 0xff;
    expect(open(note, [PETER])).toBe("malformed-note");
  });

  test("any changed bit of the text is noticed", () => {
    const note = utf8(`${TEXT}\n${PETER_LINE}`);
    for (let at = 0; at < TEXT.length; at++) {
      const changed = note.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(open(changed, [PETER]), `byte ${at}`).not.toBe("PeterNeumann");
    }
  });
});

test("the example note of c2sp.org/signed-note", () => {
  const key = unwrap(parseVkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"));
  const line =
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";
  expect(open(`This is an example message.\n\n${line}\n`, [key])).toBe("example.com/foo");
});

test("the last empty line parts text and signatures", () => {
  const text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n";
  const signer = ed25519Signer("q", seed(7));
  const bytes = signNote(text, [signer]);
  expect(unwrap(parseNote(bytes)).text).toBe(text);
  expect(open(bytes, [signer.verifier])).toBe("q");
});

test("two keys that share name and id are not guessed between", () => {
  const impostor = { ...ENOCH, name: PETER.name, keyId: PETER.keyId };
  expect(open(`${TEXT}\n${PETER_LINE}`, [PETER, impostor])).toBe("ambiguous-key");
});

test("a key that cannot be verified here is ignored as an unknown one", () => {
  const blind = { ...PETER, verify: undefined };
  expect(open(`${TEXT}\n${PETER_LINE}${ENOCH_LINE}`, [blind, ENOCH])).toBe("EnochRoot");
  expect(open(`${TEXT}\n${PETER_LINE}`, [blind])).toBe("no-known-signature");
});

describe("limits and hostile input", () => {
  test("a note of more than 1 MiB is refused, one of 1 MiB read", () => {
    const tail = `\n\n${PETER_LINE}`;
    const room = MAX_NOTE_LENGTH - utf8(tail).length;
    expect(parseNote(utf8(`${"x".repeat(room)}${tail}`)).ok).toBe(true);
    expect(parseNote(utf8(`${"x".repeat(room + 1)}${tail}`)).ok).toBe(false);
  });

  test("a megabyte of newlines or dashes is refused at once", () => {
    expect(parseNote(new Uint8Array(MAX_NOTE_LENGTH).fill(0x0a)).ok).toBe(false);
    expect(parseNote(utf8(`x\n\n${"— a \n".repeat(100_000)}`)).ok).toBe(false);
  });

  test("nothing makes the reader throw, and what it reads it writes back", () => {
    const fragments = ["a", "\n", "\n\n", "— ", "— k ", "AAAAAAA=", "AAAAAAAA\n", " ", "é", "\u0000", PETER_LINE];
    const notes = fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((parts) => utf8(parts.join("")));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), notes), (bytes) => {
        const note = parseNote(bytes);
        expect(note.ok ? formatNote(note.value) : bytes).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});

test("noble accepts what is signed here", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string({ unit: "grapheme", maxLength: 50 }).map((text) => `${text.replaceAll(/[\u0000-\u001f]/g, "")}\n`),
      (secret, text) => {
        const signer = ed25519Signer("k", secret);
        const { signature } = signer.sign(text);
        expect(nobleVerifies(signer.verifier.publicKey, utf8(text), signature)).toBe(true);
        expect(formatSignatureLine(signer.sign(text))).toMatch(/^— k [A-Za-z0-9+/]{90,92}=*\n$/);
      },
    ),
    { numRuns: 20 },
  );
});

test("a note that could not be read back is not written", () => {
  const signature = unwrap(parseNote(utf8(`x\n\n${PETER_LINE}`))).signatures[0];
  if (signature === undefined) throw new Error("no signature");
  expect(() => formatNote({ text: "no newline", signatures: [signature] })).toThrow("newline");
  expect(() => formatNote({ text: "x\n", signatures: [] })).toThrow("signatures");
  expect(() => formatNote({ text: "x\n", signatures: [{ ...signature, name: "a b" }] })).toThrow("key name");
  expect(toBase64(signature.signature)).toHaveLength(88);
});
