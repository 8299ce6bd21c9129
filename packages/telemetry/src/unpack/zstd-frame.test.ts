import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ZstdFrame } from "./zstd-frame.ts";

/** RFC 8878 §3.1.1: magic number, frame header descriptor, and what follows it. */
const frame = (...rest: readonly number[]): Uint8Array => Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, ...rest);

describe("ZstdFrame", () => {
  it("finds the end of a frame: a raw block, one of one byte, the checksum, and nothing behind it", () => {
    // Single segment of 5 bytes with checksum: raw block of 3 bytes, RLE block of 2 bytes as the last one.
    const whole = frame(0x24, 5, 0x18, 0, 0, 1, 2, 3, 0x13, 0, 0, 7, 9, 9, 9, 9);
    const both = Uint8Array.of(...whole, ...whole);
    for (let size = 1; size <= both.length; size++) {
      const one = new ZstdFrame();
      let at = 0;
      while (!one.hasEnded) at += one.push(both.subarray(at, at + size));
      expect(at).toBe(whole.length);
    }
  });

  it("passes over a skippable frame", () => {
    const skippable = Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2, 3);
    const one = new ZstdFrame();
    expect([one.push(skippable), one.hasEnded]).toEqual([10, true]);
  });

  it("refuses a window that would fill the memory, in either way to say it", () => {
    // Window_Descriptor 0x89: 2^27 + 1/8 of it; content size of eight bytes, single segment: 2^32.
    expect(() => new ZstdFrame().push(frame(0x00, 0x89))).toThrow("larger than 128 MiB");
    expect(new ZstdFrame().push(frame(0x00, 0x88))).toBe(6);
    expect(() => new ZstdFrame().push(frame(0xe0, 0, 0, 0, 0, 1, 0, 0, 0))).toThrow("larger than 128 MiB");
  });

  it("refuses what is no frame", () => {
    expect(() => new ZstdFrame().push(Buffer.from("text"))).toThrow("no zstd frame");
  });
});

describe.skipIf(!hasZstd())("frames of the zstd command", () => {
  it.each(["-1", "-19", "--long=27", "--no-check", "--no-content-size"])("end where they end (%s)", (option) => {
    const data = Buffer.concat([randomBytes(150_000), Buffer.alloc(300_000), Buffer.from("abc ".repeat(10_000))]);
    const packed = execFileSync("zstd", ["-q", "-c", option], { input: data, maxBuffer: 2 ** 24 });
    const one = new ZstdFrame();
    expect(one.push(Buffer.concat([packed, packed]))).toBe(packed.length);
    expect(one.hasEnded).toBe(true);
  });
});

function hasZstd(): boolean {
  try {
    execFileSync("zstd", ["--version"]);
    return true;
  } catch {
    return false;
  }
}
