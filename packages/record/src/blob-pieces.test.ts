import { createHash } from "node:crypto";
import { concatBytes } from "@detente/basics";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { BlobPieces } from "./blob-pieces.ts";

it("is what was written, whatever its parts, and no piece of it is large", () => {
  const border = 256 * 1024;
  const length = fc.oneof(fc.nat(20), fc.integer({ min: border - 2, max: border + 2 }), fc.constant(3 * border));
  fc.assert(
    fc.property(fc.array(fc.tuple(length, fc.nat(255)), { maxLength: 6 }), (parts) => {
      const written = parts.map(([size, byte]) => new Uint8Array(size).fill(byte));
      const blob = new BlobPieces();
      for (const part of written) blob.add(part);
      const expected = concatBytes(...written);
      expect(blob.size).toBe(expected.length);
      const { pieces, items } = blob.end();
      expect(Buffer.compare(concatBytes(...pieces), expected)).toBe(0);
      expect(items).toEqual({ digest: createHash("sha256").update(expected).digest("hex"), size: expected.length });
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(border);
    }),
    { numRuns: 60 },
  );
});
