import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { leafHash, nodeHash, pairHash, prefixedLeafHash } from "./hash.ts";

function sha256(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());
}

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

test("leaves and nodes are hashed as RFC 6962 §2.1 has it, wherever their bytes stand", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), hash, hash, fc.nat(40), (entry, left, right, at) => {
      const leaf = sha256(Uint8Array.of(0), entry);
      expect(leafHash(entry)).toEqual(leaf);
      expect(prefixedLeafHash(Uint8Array.of(0, ...entry))).toEqual(leaf);
      const node = sha256(Uint8Array.of(1), left, right);
      expect(nodeHash(left, right)).toEqual(node);
      expect(pairHash(Uint8Array.of(...new Uint8Array(at), ...left, ...right, 7), at)).toEqual(node);
    }),
  );
  expect(() => prefixedLeafHash(Uint8Array.of(1, 2))).toThrow("behind a zero byte");
});
