import { crc32 } from "node:zlib";
import { concatBytes, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeBatch, type Frame, scanFrames } from "./frames.ts";

const frame: fc.Arbitrary<Frame> = fc.record({
  kind: fc.integer({ min: 1, max: 4 }),
  payload: fc.uint8Array({ maxLength: 40 }),
});
const batches = fc.array(fc.array(frame, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

function plain(frames: readonly Frame[]): Frame[] {
  return frames.map(({ kind, payload }) => ({ kind, payload: Uint8Array.from(payload) }));
}

test("the CRC is that of zlib over what follows it (check value of CRC-32: 0xcbf43926 for 123456789)", () => {
  expect(crc32("123456789")).toBe(0xcbf43926);
  const bytes = encodeBatch([{ kind: 2, payload: utf8("abc") }]);
  expect(Buffer.from(bytes).readUInt32BE(4)).toBe(crc32(Uint8Array.of(2, 0, 0, 0, 0, 0x61, 0x62, 0x63)));
});

test("frames are read back as they were written", () => {
  fc.assert(
    fc.property(batches, (written) => {
      const bytes = concatBytes(...written.map((batch) => encodeBatch(batch)));
      const { frames, end, damaged } = scanFrames(bytes);
      expect(plain(frames)).toEqual(plain(written.flat()));
      expect({ end, damaged }).toEqual({ end: bytes.length, damaged: false });
    }),
  );
});

test("a file cut anywhere gives the frames that are whole, and no damage", () => {
  const bytes = encodeBatch([1, 2, 3].map((kind) => ({ kind, payload: new Uint8Array(kind * 5).fill(kind) })));
  const ends = [0, 18, 41, 69];
  expect(bytes.length).toBe(69);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const { frames, end, damaged } = scanFrames(bytes.subarray(0, cut));
    const whole = ends.filter((one) => one <= cut);
    expect({ count: frames.length, end, damaged }).toEqual({
      count: whole.length - 1,
      end: whole.at(-1),
      damaged: false,
    });
  }
});

test("one flipped bit: damage where a later batch shows that the frame had been durable, a torn tail in the last batch", () => {
  const first = encodeBatch([
    { kind: 2, payload: utf8("first") },
    { kind: 2, payload: utf8("second") },
  ]);
  const last = encodeBatch([
    { kind: 3, payload: utf8("third") },
    { kind: 3, payload: utf8("fourth") },
  ]);
  const bytes = concatBytes(first, last);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const { end, damaged } = scanFrames(flipped);
    expect(end).toBeLessThanOrEqual(bit >> 3);
    expect(damaged).toBe(bit >> 3 < first.length);
  }
});

test("zeros, as a file system leaves them behind a crash, are no frames", () => {
  expect(scanFrames(new Uint8Array(4096))).toEqual({ frames: [], end: 0, damaged: false });
});
