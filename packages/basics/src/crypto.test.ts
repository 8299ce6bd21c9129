import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Bytes, utf8 } from "./bytes.ts";
import { ed25519Verify, hmacSha256, sha256 } from "./crypto.ts";
import * as browser from "./crypto/browser.ts";
import * as node from "./crypto/node.ts";
import { fromHex, toHex } from "./encoding.ts";

const backends = [
  ["node", node],
  ["browser", browser],
] as const;

function hex(text: string): Bytes {
  return fromHex(text) as Bytes;
}

describe.each(backends)("SHA-256 (%s)", (_name, backend) => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("FIPS 180-4 examples (NIST)", (message, digest) => {
    expect(toHex(backend.sha256(utf8(message)))).toBe(digest);
    for (const piece of [1, 63, 300_000]) {
      const hasher = backend.sha256Hasher();
      const bytes = utf8(message);
      const step = Math.max(piece, Math.ceil(bytes.length / 10_000));
      for (let at = 0; at < bytes.length; at += step) hasher.update(bytes.subarray(at, at + step));
      expect(toHex(hasher.digest())).toBe(digest);
    }
  });

  it("returns 32 bytes of its own", () => {
    const digest = backend.sha256(utf8("abc"));
    expect(digest.length).toBe(32);
    expect(digest.buffer.byteLength).toBe(32);
  });
});

describe.each(backends)("SHA-512 (%s)", (_name, backend) => {
  it("FIPS 180-4 example (NIST)", () => {
    expect(toHex(backend.sha512(utf8("abc")))).toBe(
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    );
    expect(backend.sha512(utf8("abc")).buffer.byteLength).toBe(64);
  });
});

describe.each(backends)("file digests (%s)", (_name, backend) => {
  // RFC 1321 §A.5 and the examples of FIPS 180-4.
  it.each([
    [
      "",
      "d41d8cd98f00b204e9800998ecf8427e",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ],
    [
      "abc",
      "900150983cd24fb0d6963f7d28e17f72",
      "a9993e364706816aba3e25717850c26c9cd0d89d",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ],
  ])("of %j, however it is cut", (text, ...expected) => {
    for (const cut of [0, 1, text.length]) {
      const hasher = backend.fileHasher();
      hasher.update(utf8(text.slice(0, cut)));
      hasher.update(utf8(text.slice(cut)));
      expect(hasher.digests()).toEqual({ md5: expected[0], sha1: expected[1], sha256: expected[2] });
    }
  });
});

describe.each(backends)("HMAC-SHA-256 (%s)", (_name, backend) => {
  it.each([
    ["1", "0b".repeat(20), toHex(utf8("Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [
      "2",
      toHex(utf8("Jefe")),
      toHex(utf8("what do ya want for nothing?")),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    ["3", "aa".repeat(20), "dd".repeat(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
    [
      "4",
      "0102030405060708090a0b0c0d0e0f10111213141516171819",
      "cd".repeat(50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ],
    [
      "6",
      "aa".repeat(131),
      toHex(utf8("Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ],
    [
      "7",
      "aa".repeat(131),
      toHex(
        utf8(
          "This is a test using a larger than block-size key and a larger than block-size data. " +
            "The key needs to be hashed before being used by the HMAC algorithm.",
        ),
      ),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ],
  ])("RFC 4231 test case %s", (_case, key, data, mac) => {
    expect(toHex(backend.hmacSha256(hex(key), hex(data)))).toBe(mac);
  });
});

it("gives the HMAC that Node gives, of keys and messages around the lengths of blocks and buffers", () => {
  const bytes = new Uint8Array(600).map((_, i) => i * 7 + (i >> 8));
  for (const keyLength of [0, 1, 32, 63, 64, 65, 131]) {
    for (const length of [0, 8, 55, 56, 64, 255, 256, 257, 600]) {
      const [key, message] = [bytes.subarray(3, 3 + keyLength), bytes.subarray(0, length)];
      expect(toHex(hmacSha256(key, message))).toBe(createHmac("sha256", key).update(message).digest("hex"));
    }
  }
});

it("takes views into larger buffers", () => {
  const large = new Uint8Array(64).fill(7);
  const view = large.subarray(5, 37);
  expect(toHex(sha256(view))).toBe(createHash("sha256").update(Buffer.from(view)).digest("hex"));
  expect(toHex(hmacSha256(view, view))).toBe(
    createHmac("sha256", Buffer.from(view)).update(Buffer.from(view)).digest("hex"),
  );
});

it.each(backends)("gives plain arrays, never Buffers, whose slice is a view (%s)", (_name, backend) => {
  const seed = Buffer.alloc(32, 7);
  const given = [
    backend.sha256(seed),
    backend.hmacSha256(seed, seed),
    backend.ed25519PublicKey(seed),
    backend.ed25519Sign(seed, seed),
  ];
  expect(given.map((bytes) => bytes.constructor)).toEqual(given.map(() => Uint8Array));
});

it("leaves a key alone that it verifies with, also where it is a Buffer", () => {
  const key = Buffer.alloc(32, 0xff);
  ed25519Verify(key, key, Buffer.alloc(64));
  expect(key).toEqual(Buffer.alloc(32, 0xff));
});
