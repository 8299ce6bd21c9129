import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InputFault } from "../faults.ts";
import { unpacked } from "./unpacked.ts";

/** Packed by the zstd command; absent where there is none. */
const zstd = command("zstd", ["--version"]) === undefined ? undefined : (text: string): Buffer => zstdOf(text);

function command(name: string, args: readonly string[], input = ""): Buffer | undefined {
  try {
    return execFileSync(name, args, { input });
  } catch {
    return undefined;
  }
}

function zstdOf(text: string): Buffer {
  return execFileSync("zstd", ["-q", "-c"], { input: text });
}

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const size of sizes) yield bytes.subarray(from, (from += size));
  yield bytes.subarray(from);
}

async function unpack(
  bytes: Uint8Array,
  { sizes = [], maxUnpacked = 2 ** 30 }: { sizes?: readonly number[]; maxUnpacked?: number } = {},
): Promise<{ text: string; fault: InputFault | undefined; largest: number }> {
  let fault: InputFault | undefined;
  const options = { name: "x.gz", maxUnpacked, onFault: (found: InputFault) => (fault = found) };
  const chunks: Uint8Array[] = [];
  for await (const chunk of unpacked(inPieces(bytes, sizes), options)) chunks.push(chunk.slice());
  const largest = Math.max(0, ...chunks.map((chunk) => chunk.length));
  return { text: Buffer.concat(chunks).toString("latin1"), fault, largest };
}

const lines = (word: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join("");
const one = lines("one", 20_000);
const two = lines("two", 20_000);

describe.each([
  ["gzip", (text: string) => gzipSync(text)],
  ["zstd", zstd],
] as const)("%s", (_, pack) => {
  const packed = (text: string): Buffer => pack?.(text) ?? Buffer.alloc(0);

  it.skipIf(pack === undefined)("is the same however its bytes come", async () => {
    const bytes = Buffer.concat([packed(one), packed(two)]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 30 }), async (sizes) => {
        const { text, fault } = await unpack(bytes, { sizes });
        expect(text === one + two).toBe(true);
        expect(fault).toBeUndefined();
      }),
      { numRuns: 10 },
    );
    expect((await unpack(packed("a\n"), { sizes: Array.from({ length: 40 }, () => 1) })).text).toBe("a\n");
  });

  it.skipIf(pack === undefined)("has all of its members, also behind padding", async () => {
    const bytes = Buffer.concat([
      packed(one),
      Buffer.alloc(700),
      packed(two),
      packed(""),
      packed("end\n"),
      Buffer.alloc(512),
    ]);
    const { text, fault } = await unpack(bytes);
    expect(text === `${one}${two}end\n`).toBe(true);
    expect(fault).toBeUndefined();
  });

  it.skipIf(pack === undefined)("that was cut gives what stands before the cut, and says so", async () => {
    const bytes = packed(one);
    for (const cut of [6, 30, Math.floor(bytes.length / 2), bytes.length - 5, bytes.length - 1]) {
      const { text, fault } = await unpack(bytes.subarray(0, cut));
      expect(one.startsWith(text)).toBe(true);
      expect(fault?.code).toBe("damaged");
      expect(fault?.message).toMatch(/^x\.gz: is cut or damaged .* — what could be unpacked was read; copy it again$/);
    }
    const second = await unpack(Buffer.concat([bytes, packed(two).subarray(0, 20)]));
    expect(second.text.startsWith(one)).toBe(true);
    expect(second.fault?.code).toBe("damaged");
  });

  it.skipIf(pack === undefined)("with something else behind it gives what could be unpacked, and says so", async () => {
    const { text, fault } = await unpack(Buffer.concat([packed(one), Buffer.from("what is this, then?")]));
    expect(one.startsWith(text)).toBe(true);
    // zlib gives nothing of the 16 KiB in which it finds the damage.
    expect(one.length - text.length).toBeLessThan(16 * 1024);
    expect(fault?.code).toBe("damaged");
  });

  it.skipIf(pack === undefined)("that unpacks to more than it may is read that far", async () => {
    const { text, fault, largest } = await unpack(packed("\0".repeat(64 * 2 ** 20)), { maxUnpacked: 2 ** 20 });
    expect(text.length).toBeLessThanOrEqual(2 ** 20);
    expect(largest).toBeLessThanOrEqual(2 ** 20);
    expect(fault).toEqual({
      code: "too-large",
      message: "x.gz: unpacks to more than 1.0 MiB; what follows was not read — raise the limit (--max-unpacked)",
    });
  });
});

describe("gzip", () => {
  const bytes = gzipSync(one);

  it("loses nothing to what stands behind it, or to a wrong sum", async () => {
    const behind = await unpack(Buffer.concat([bytes, Buffer.from("what is this, then?")]));
    expect([behind.text === one, behind.fault?.code]).toEqual([true, "damaged"]);
    for (const at of [bytes.length - 8, bytes.length - 1]) {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] as number) ^ 1;
      const { text, fault } = await unpack(wrong);
      expect([text === one, fault?.code]).toEqual([true, "damaged"]);
    }
  });

  it("may have all that a header can have (RFC 1952 §2.3.1), however its bytes come", async () => {
    const fields = [
      [0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3],
      [3, 0, 1, 2, 3],
      [0x61, 0],
      [0x62, 0x63, 0],
      [9, 9],
    ];
    // What gzipSync writes has a header of ten bytes and nothing else.
    const full = Buffer.concat([Buffer.from(fields.flat()), bytes.subarray(10)]);
    for (const sizes of [[], Array.from({ length: 60 }, () => 1), [11], [16, 3]]) {
      const { text, fault } = await unpack(full, { sizes });
      expect([text === one, fault]).toEqual([true, undefined]);
    }
    for (const cut of [4, 11, 14, 16, 18, 21])
      expect((await unpack(full.subarray(0, cut))).fault?.code).toBe("damaged");
    for (const header of ["1f8b0700", "1f8b0820"]) {
      const { fault } = await unpack(Buffer.concat([Buffer.from(header, "hex"), bytes.subarray(4)]));
      expect(fault?.message).toMatch(/at its beginning \(unknown compression method or header flags\)/);
    }
  });
});

it("that is packed twice, or otherwise inside, is given as it stands, and that is said", async () => {
  const twice = await unpack(gzipSync(gzipSync(one)));
  expect(twice.text).toBe(gzipSync(one).toString("latin1"));
  expect(twice.fault).toEqual({
    code: "packed",
    message: "x.gz: is packed twice, and only the outer packing was undone — unpack it once before",
  });
  // The first bytes of each as its own format document has them.
  for (const [hex, what] of [
    ["fd377a585a000004", "xz"],
    ["425a6839314159265359", "bzip2"],
    ["504b030414000000", "zip"],
    ["04224d186440a7", "lz4"],
    ["377abcaf271c0004", "7-Zip"],
    ["1f9d90", "compress"],
  ] as const) {
    for (const bytes of [Buffer.from(hex, "hex"), gzipSync(Buffer.from(hex, "hex"))]) {
      const { text, fault } = await unpack(bytes);
      expect([Buffer.from(text, "latin1").toString("hex"), fault?.code]).toEqual([hex, "packed"]);
      expect(fault?.message).toMatch(
        new RegExp(`^x\\.gz: is packed by ${what}, which is not unpacked here — unpack it`),
      );
    }
  }
});

describe("UTF-16", () => {
  const text = `"Zeit";"Ziel"\r\n${lines("b\u00fccher.example \u{1f600}", 3000)}`;
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  const mark = Buffer.from([0xff, 0xfe]);
  const forms = [
    ["little-endian", little],
    ["big-endian", big],
    ["little-endian with a mark", Buffer.concat([mark, little])],
    ["big-endian with a mark", Buffer.concat([Buffer.from(mark).swap16(), big])],
    ["packed", gzipSync(Buffer.concat([mark, little]))],
  ] as const;

  it.each(forms)("%s comes out as UTF-8, however its bytes come", async (_, bytes) => {
    for (const sizes of [[], [1, 1, 1, 1, 1], [3, 999, 4001]]) {
      const read = await unpack(bytes, { sizes });
      expect(Buffer.from(read.text, "latin1").toString("utf8") === text).toBe(true);
      expect(read.fault).toBeUndefined();
    }
  });

  it("is not told by a mark alone, which somebody may have got into a log of bytes", async () => {
    for (const bytes of ["\xff\xfeevil.example\n", "\xfe\xff\n", "a\0", "\0\0\0\0abc", "ab\0\0"]) {
      expect((await unpack(Buffer.from(bytes, "latin1"))).text).toBe(bytes);
    }
  });
});

it("gives plain bytes as they are", async () => {
  for (const text of ["", "a", "abc", "plain\n", "\x1f", "(\xb5/"]) {
    expect(await unpack(Buffer.from(text, "latin1"))).toMatchObject({ text, fault: undefined });
  }
});

it("tells a source that fails from one that is damaged", async () => {
  let fault: InputFault | undefined;
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("some\n");
    throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
  }
  const got: string[] = [];
  const options = { name: "disk.log", maxUnpacked: 1000, onFault: (found: InputFault) => (fault = found) };
  for await (const chunk of unpacked(failing(), options)) got.push(Buffer.from(chunk).toString());
  expect(got).toEqual(["some\n"]);
  expect(fault).toEqual({ code: "unreadable", message: "disk.log: EIO: i/o error, read" });
});
