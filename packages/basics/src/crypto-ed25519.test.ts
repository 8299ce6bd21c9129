import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bytes, concatBytes, utf8 } from "./bytes.ts";
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from "./crypto.ts";
import * as browser from "./crypto/browser.ts";
import { isPlainPublicKey, isReducedScalar } from "./crypto/ed25519-encoding.ts";
import * as node from "./crypto/node.ts";
import { fromHex, toHex } from "./encoding.ts";

const backends = [
  ["node", node],
  ["browser", browser],
] as const;

const { Point } = ed25519;
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.uint8Array({ maxLength: 100 });

function hex(text: string): Bytes {
  return fromHex(text) as Bytes;
}

function littleEndian(bytes: Bytes): bigint {
  return BigInt(`0x${toHex(bytes.toReversed())}`);
}

function encodeLittleEndian(value: bigint): Bytes {
  return hex(value.toString(16).padStart(64, "0")).toReversed();
}

/** `ed25519Verify` as a station (node) or a browser runs it: the same checks before either backend. */
function verifyBy(backend: typeof node | typeof browser, key: Bytes, message: Bytes, signature: Bytes): boolean {
  return (
    isPlainPublicKey(key) && isReducedScalar(signature.subarray(32)) && backend.ed25519Verify(key, message, signature)
  );
}

describe("the two backends", () => {
  it("agree on digests, keys and signatures", () => {
    fc.assert(
      fc.property(seeds, messages, (seed, message) => {
        expect(toHex(node.sha256(message))).toBe(toHex(browser.sha256(message)));
        expect(toHex(node.hmacSha256(seed, message))).toBe(toHex(browser.hmacSha256(seed, message)));
        expect(toHex(node.ed25519PublicKey(seed))).toBe(toHex(browser.ed25519PublicKey(seed)));
        expect(toHex(node.ed25519Sign(seed, message))).toBe(toHex(browser.ed25519Sign(seed, message)));
      }),
      { numRuns: 30 },
    );
  });

  it("refuse every single-bit change of a signature, a key or a message", () => {
    fc.assert(
      fc.property(seeds, fc.nat({ max: 99 * 8 - 1 }), (seed, bit) => {
        const signed = concatBytes(
          node.ed25519PublicKey(seed),
          node.ed25519Sign(seed, Uint8Array.of(1, 2, 3)),
          Uint8Array.of(1, 2, 3),
        );
        signed[bit >> 3] = (signed[bit >> 3] as number) ^ (1 << (bit & 7));
        for (const [, backend] of backends) {
          expect(verifyBy(backend, signed.subarray(0, 32), signed.subarray(96), signed.subarray(32, 96))).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("agree on keys with a torsion component, where cofactored verification would differ", () => {
    const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    const answers = new Set<boolean>();
    for (let i = 0; i < 24; i++) {
      const message = Uint8Array.of(i);
      const secret = 1_234_567n;
      const nonce = 7_654_321n + BigInt(i);
      const key = Point.BASE.multiply(secret).add(torsion).toBytes();
      const commitment = Point.BASE.multiply(nonce).toBytes();
      const challenge = Point.Fn.create(littleEndian(sha512(concatBytes(commitment, key, message))));
      const scalar = Point.Fn.create(nonce + challenge * secret);
      const signature = concatBytes(commitment, encodeLittleEndian(scalar));
      // [S]B = R + [k]A holds only up to a small-order point unless 8 divides the challenge.
      expect(ed25519.verify(signature, message, key, { zip215: true })).toBe(true);
      const expected = challenge % 8n === 0n;
      for (const [name, backend] of backends)
        expect([name, verifyBy(backend, key, message, signature)]).toEqual([name, expected]);
      answers.add(expected);
    }
    expect(answers).toEqual(new Set([true, false]));
  });

  it("agree on hostile keys and signatures, and refuse them", () => {
    const message = utf8("hostile");
    const identity = hex("01".padEnd(64, "0"));
    const p = 2n ** 255n - 19n;
    const smallOrder = [0n, 1n, p - 1n]
      .map(encodeLittleEndian)
      .concat(
        [
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ].map(hex),
      );
    const nonCanonical = Array.from({ length: 19 }, (_, i) => encodeLittleEndian(p + BigInt(i)));
    const signed = [...smallOrder, ...nonCanonical].flatMap((key) => {
      const negative = key.slice();
      negative[31] = (negative[31] as number) | 0x80;
      return [key, negative];
    });
    for (const key of signed) {
      // R = identity and S = 0 satisfy [S]B = R + [k]A for every message under a key of small order.
      for (const commitment of [identity, key]) {
        const signature = concatBytes(commitment, new Uint8Array(32));
        for (const [, backend] of backends) expect(verifyBy(backend, key, message, signature)).toBe(false);
        expect(ed25519Verify(key, message, signature)).toBe(false);
      }
    }
  });

  it("agree on a signature whose scalar is not reduced, and refuse it", () => {
    const seed = new Uint8Array(32).fill(9);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const signature = ed25519Sign(seed, utf8("m"));
    const malleated = concatBytes(
      signature.subarray(0, 32),
      encodeLittleEndian(littleEndian(signature.subarray(32)) + order),
    );
    for (const [, backend] of backends) {
      expect(backend.ed25519Verify(ed25519PublicKey(seed), utf8("m"), malleated)).toBe(false);
    }
    expect(isReducedScalar(malleated.subarray(32))).toBe(false);
  });

  it("agree on random bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (key, signature) => {
          expect(verifyBy(node, key, key, signature)).toBe(verifyBy(browser, key, key, signature));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("answer false, and do not throw, on keys and signatures of a wrong length", () => {
    const key = ed25519PublicKey(new Uint8Array(32));
    const signature = ed25519Sign(new Uint8Array(32), utf8("m"));
    expect(ed25519Verify(key, utf8("m"), signature)).toBe(true);
    for (const length of [0, 31, 33, 63]) {
      expect(ed25519Verify(new Uint8Array(length), utf8("m"), signature)).toBe(false);
      expect(ed25519Verify(key, utf8("m"), new Uint8Array(length))).toBe(false);
    }
  });
});
