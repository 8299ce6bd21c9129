import { toBase64, toHex, unwrap } from "@detente/basics";
import { ed25519 } from "@noble/curves/ed25519.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatVkey, KEY_TYPE, keyIdHex, keyIdOf, parseVkey, verifier } from "./vkey.ts";

/** golang.org/x/mod/sumdb/note, note_test.go. */
const PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

describe("published verifier keys", () => {
  test("the example of c2sp.org/signed-note", () => {
    const text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const key = unwrap(parseVkey(text));
    expect(key.name).toBe("example.com/foo");
    expect(keyIdHex(key.keyId)).toBe("530d903a");
    expect(key.type).toBe(KEY_TYPE.ed25519);
    expect(formatVkey(key)).toBe(text);
  });

  test.each([
    // transparency-dev/formats, note/note_cosigv1_test.go; the base64 of the first one holds a plus
    "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    PETER,
  ])("%s reads and is written back", (text) => {
    expect(formatVkey(unwrap(parseVkey(text)))).toBe(text);
  });
});

describe("manglings of a verifier key, as x/mod's TestNewVerifier has them", () => {
  test("no proper part of it is a key", () => {
    const accepted: string[] = [];
    for (let i = 0; i < PETER.length; i++) {
      for (let j = i + 1; j <= PETER.length; j++) {
        if (parseVkey(PETER.slice(i, j)).ok) accepted.push(PETER.slice(i, j));
      }
    }
    expect(accepted).toEqual([PETER]);
  });

  test("no character can be raised by one, but for the one of the type byte", () => {
    const accepted: string[] = [];
    for (let i = 0; i < PETER.length; i++) {
      const raised = String.fromCharCode(PETER.charCodeAt(i) + 1);
      const result = parseVkey(PETER.slice(0, i) + raised + PETER.slice(i + 1));
      if (result.ok) accepted.push(`${raised} gives type ${result.value.type}`);
      expect(result.ok && result.value.verify !== undefined).toBe(false);
    }
    expect(accepted).toEqual(["B gives type 5"]);
  });

  test("a key of the wrong length is refused even with the right id", () => {
    const result = parseVkey("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
    expect(result.ok).toBe(false);
  });
});

describe("types", () => {
  test("one that is not known here parses and verifies nothing", () => {
    const key = unwrap(parseVkey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
    expect(key.type).toBe(0x65);
    expect(key.verify).toBeUndefined();
  });

  test("ECDSA (type 02) parses and verifies nothing", () => {
    // transparency-dev/formats, note_test.go: the key of sigstore's Rekor
    const key = unwrap(
      parseVkey(
        "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=",
      ),
    );
    expect(key.type).toBe(2);
    expect(key.verify).toBeUndefined();
  });
});

describe("weak Ed25519 keys", () => {
  const { Point } = ed25519;
  const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

  test.each([0, 1, 2, 3, 4, 5, 6, 7])("the point of small order no. %i, computed by noble, is refused", (factor) => {
    const point = factor === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(factor));
    expect(point.isSmallOrder()).toBe(true);
    expect(parseVkey(vkeyOf(point.toBytes()))).toMatchObject({ ok: false, fault: { code: "bad-public-key" } });
  });

  test("an encoding that is not reduced is refused", () => {
    const bytes = new Uint8Array(32).fill(0xff);
    bytes[0] = 0xf0;
    bytes[31] = 0x7f;
    expect(parseVkey(vkeyOf(bytes)).ok).toBe(false);
  });

  function vkeyOf(publicKey: Uint8Array): string {
    const id = keyIdHex(keyIdOf("weak.example", KEY_TYPE.ed25519, publicKey));
    return `weak.example+${id}+${toBase64(Uint8Array.of(1, ...publicKey))}`;
  }
});

describe("names", () => {
  test.each(["", "a b", "a\u00a0b", "a\u2003b", "a\u0085b", "a\tb", "a\nb", "a\u0001b", "a\ud800b"])(
    "%j is no key name",
    (name) => {
      const { publicKey, type } = unwrap(parseVkey(PETER));
      const id = keyIdHex(keyIdOf(name, type, publicKey));
      expect(parseVkey(`${name}+${id}+${toBase64(Uint8Array.of(type, ...publicKey))}`).ok).toBe(false);
    },
  );

  test("no text makes the reader throw, and what it reads it writes back", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[a+]{0,3}\+[0-9a-f]{8}\+[A-D+]{4,8}$/)),
        (text) => {
          const key = parseVkey(text);
          expect(key.ok ? formatVkey(key.value) : text).toBe(text);
        },
      ),
    );
  });

  test("any key noble makes is accepted under any name that is allowed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.stringMatching(/^[a-z./\u00e9]{1,40}$/),
        (seed, name) => {
          const publicKey = ed25519.getPublicKey(seed);
          const key = unwrap(parseVkey(formatVkey(verifier(name, KEY_TYPE.cosignature, publicKey))));
          expect(toHex(key.publicKey)).toBe(toHex(publicKey));
        },
      ),
      { numRuns: 20 },
    );
  });
});
