import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BodyAnswer, formatBodies, formatDigests, parseBodies, parseDigests } from "./body-frames.ts";

const answer: fc.Arbitrary<BodyAnswer> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 50 }),
  fc.constantFrom("absent" as const, "later" as const),
);

describe("the exchange of bodies", () => {
  it("reads what was written", () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 20 }), (answers) => {
        expect(parseBodies(formatBodies(answers), answers.length)).toEqual(answers);
      }),
    );
  });

  it("refuses answers that are cut short, too long, or for another number of digests", () => {
    const bytes = formatBodies([Uint8Array.of(1, 2, 3), "absent"]);
    for (let end = 0; end < bytes.length; end++) expect(parseBodies(bytes.subarray(0, end), 2)).toBeUndefined();
    expect(parseBodies(Uint8Array.of(...bytes, 0), 2)).toBeUndefined();
    expect(parseBodies(bytes, 1)).toBeUndefined();
    expect(parseBodies(bytes, 3)).toBeUndefined();
  });

  it("never throws on arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(5), (bytes, count) => {
        expect(() => parseBodies(bytes, count)).not.toThrow();
        expect(() => parseDigests(bytes)).not.toThrow();
      }),
    );
  });

  it("takes 1 to 256 whole digests", () => {
    const digest = new Uint8Array(32).fill(7);
    expect(parseDigests(formatDigests([digest, digest]))).toEqual([digest, digest]);
    expect(parseDigests(new Uint8Array(0))).toBeUndefined();
    expect(parseDigests(new Uint8Array(33))).toBeUndefined();
    expect(parseDigests(new Uint8Array(32 * 257))).toBeUndefined();
  });
});
