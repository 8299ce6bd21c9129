import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { opensSeal, sealCommitment } from "./seal.ts";
import { bytesOf, hexOf } from "./testing/samples.ts";

it("commits to salt and canonical content", () => {
  const expected = createHash("sha256").update(bytesOf("salt")).update('{"a":1,"b":[2]}').digest("hex");
  expect(sealCommitment(bytesOf("salt"), { b: [2], a: 1 })).toBe(expected);
  expect(opensSeal(expected, hexOf("salt"), { a: 1, b: [2] })).toBe(true);
});

it("opens with that salt and that content only", () => {
  const commitment = sealCommitment(bytesOf("salt"), { a: 1 });
  expect(opensSeal(commitment, hexOf("other"), { a: 1 })).toBe(false);
  expect(opensSeal(commitment, hexOf("salt"), { a: 2 })).toBe(false);
  expect(opensSeal(hexOf("other"), hexOf("salt"), { a: 1 })).toBe(false);
  expect(opensSeal(commitment, hexOf("salt").slice(2), { a: 1 })).toBe(false);
  expect(opensSeal(commitment, hexOf("salt").toUpperCase(), { a: 1 })).toBe(false);
});
