import { concatBytes, toHex, utf8 } from "@detente/basics";
import { expect, it } from "vitest";
import { noise } from "../testing/parties.ts";
import { receiptBytes } from "./receipt.ts";

// docs/formats.md, Look-up: what both sign must be the same to the byte at any other implementation.
it("is a line that says what it is, three digests, the number of elements, what is spent, and the receipt before", () => {
  const [set, request, answer, previous] = [
    noise(32, "set"),
    noise(32, "request"),
    noise(32, "answer"),
    noise(32, "p"),
  ];
  const bytes = receiptBytes({ set, request, answer, count: 0x10203, spent: 0x1_0000_0002, previous });
  const numbers = Uint8Array.of(0, 1, 2, 3, 0, 0, 0, 1, 0, 0, 0, 2);
  const expected = concatBytes(utf8("detente match receipt v1\n"), set, request, answer, numbers, previous);
  expect(toHex(bytes)).toBe(toHex(expected));
});
