import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex } from "./encoding.ts";
import { HashIndex } from "./hash-index.ts";

test("numbers hashes in the order of their first appearance, and gives them back", () => {
  const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 50 });
  fc.assert(
    fc.property(hashes, (given) => {
      const index = new HashIndex();
      const first = new Map<string, number>();
      for (const hash of given) {
        const text = Buffer.from(hash).toString("hex");
        if (!first.has(text)) first.set(text, first.size);
        const known = first.get(text) === index.size ? undefined : first.get(text);
        expect(index.findHex(text)).toBe(known);
        expect(index.find(hash)).toBe(known);
        expect(index.intern(hash)).toBe(first.get(text));
        expect(index.intern(Uint8Array.of(1, 2, 3, ...hash, 4), 3)).toBe(first.get(text));
        expect(index.internHex(text)).toBe(first.get(text));
        expect(index.hex(first.get(text)!)).toBe(text);
      }
    }),
  );
});

test("keeps apart what shares a slot, and grows", () => {
  const index = new HashIndex();
  const hash = (i: number): string => `00000000${i.toString(16).padStart(56, "0")}`;
  for (let i = 0; i < 3000; i++) expect(index.internHex(hash(i))).toBe(i);
  for (let i = 0; i < 3000; i++) expect(index.intern(fromHex(hash(i))!)).toBe(i);
  expect(index.size).toBe(3000);
});
