import { concatBytes, sha256, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatUpload,
  mirrorInfoResponse,
  packageRanges,
  PackageReader,
  parseMirrorInfo,
  parseUploadHeader,
} from "./mirror-message.ts";
import { textResponse } from "./wire.ts";

test("an upload is laid out as c2sp.org/tlog-mirror says", () => {
  const hash = sha256(utf8("x"));
  const header = { origin: "ab", start: 255, end: 258, ticket: utf8("t") };
  const body = formatUpload(header, [
    { entries: [utf8("e")], proof: [hash] },
    { entries: [utf8("fg"), utf8("")], proof: [] },
  ]);
  const expected = concatBytes(
    Uint8Array.of(0, 2, 0x61, 0x62),
    Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 1, 2),
    Uint8Array.of(0, 1, 0x74),
    Uint8Array.of(0, 1, 0x65, 1),
    hash,
    Uint8Array.of(0, 2, 0x66, 0x67, 0, 0, 0),
  );
  expect(body).toEqual(expected);
  const parsed = unwrap(parseUploadHeader(body));
  expect(parsed.header).toEqual(header);
  const packages = new PackageReader(parsed.packages);
  expect(packages.next(1)).toEqual({ entries: [utf8("e")], proof: [hash] });
  expect(packages.next(2)).toEqual({ entries: [utf8("fg"), utf8("")], proof: [] });
  expect(packages.next(1)).toBeUndefined();
});

describe("the canonical sequence of packages", () => {
  test.each([
    [0, 0, []],
    [5, 5, []],
    [0, 1, [[0, 0, 1]]],
    [0, 256, [[0, 0, 256]]],
    [
      0,
      257,
      [
        [0, 0, 256],
        [256, 256, 257],
      ],
    ],
    [
      255,
      258,
      [
        [0, 255, 256],
        [256, 256, 258],
      ],
    ],
    [300, 310, [[256, 300, 310]]],
    [
      256,
      800,
      [
        [256, 256, 512],
        [512, 512, 768],
        [768, 768, 800],
      ],
    ],
  ])("of [%i, %i)", (start, end, expected) => {
    const ranges = [...packageRanges(start, end)].map((range) => [range.bundle, range.start, range.end]);
    expect(ranges).toEqual(expected);
  });

  test("covers the upload without gap, as the specification numbers it", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (start, length) => {
        const end = start + length;
        const rounded = start - (start % 256);
        const count = length === 0 ? 0 : (Math.ceil(end / 256) * 256 - rounded) / 256;
        const expected = Array.from({ length: count }, (_, i) => ({
          bundle: rounded + 256 * i,
          start: Math.max(start, rounded + 256 * i),
          end: Math.min(end, rounded + 256 * (i + 1)),
        }));
        expect([...packageRanges(start, end)]).toEqual(expected);
      }),
    );
  });
});

describe("malformed uploads", () => {
  const good = formatUpload({ origin: "ab", start: 1, end: 2, ticket: utf8("t") }, []);

  test("every cut of the header is noticed", () => {
    for (let length = 0; length < good.length; length++) {
      expect(parseUploadHeader(good.subarray(0, length)).ok, `${length} bytes`).toBe(false);
    }
    expect(parseUploadHeader(good).ok).toBe(true);
  });

  test("an end before the start, a number beyond 2^53 - 1, an origin that is not UTF-8", () => {
    const backwards = formatUpload({ origin: "ab", start: 3, end: 2, ticket: utf8("") }, []);
    expect(parseUploadHeader(backwards).ok).toBe(false);
    const huge = good.slice();
    huge[12] = 0xff;
    expect(parseUploadHeader(huge).ok).toBe(false);
    const notText = good.slice();
    notText[2] = 0xff;
    expect(parseUploadHeader(notText).ok).toBe(false);
  });

  test("64 hashes are too many", () => {
    const hash = sha256(utf8("x"));
    const bytes = (count: number): Uint8Array =>
      concatBytes(Uint8Array.of(0, 0, count), ...Array.from({ length: count }, () => hash));
    expect(new PackageReader(bytes(63)).next(1)?.proof).toHaveLength(63);
    expect(new PackageReader(bytes(64)).next(1)).toBeUndefined();
  });

  test("nothing makes the readers throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(10), (bytes, count) => {
        const header = parseUploadHeader(bytes);
        expect(header.ok ? header.value.header.end - header.value.header.start : 0).toBeGreaterThanOrEqual(0);
        const found = new PackageReader(bytes).next(count);
        expect(found?.entries.length ?? count).toBe(count);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("mirror-info", () => {
  test("three lines in a media type of their own", () => {
    const answer = mirrorInfoResponse(409, { size: 700, nextEntry: 512, ticket: utf8("resume") });
    expect(answer).toEqual(textResponse(409, "700\n512\ncmVzdW1l\n", "text/x.tlog.mirror-info"));
    expect(parseMirrorInfo(answer)).toEqual({ size: 700, nextEntry: 512, ticket: utf8("resume") });
    expect(parseMirrorInfo(mirrorInfoResponse(202, { size: 0, nextEntry: 0, ticket: utf8("") }))?.ticket).toHaveLength(
      0,
    );
  });

  test.each([
    "",
    "700\n512\n",
    "700\n512\ncmVzdW1l",
    "700\n512\n\n\n",
    "x\n512\n\n",
    "700\n-1\n\n",
    "700\n512\n!\n",
    "0700\n512\n\n",
  ])("malformed: %j", (text) => {
    expect(parseMirrorInfo(textResponse(409, text, "text/x.tlog.mirror-info"))).toBeUndefined();
  });

  test("another media type, or a flood, is not read", () => {
    expect(parseMirrorInfo(textResponse(409, "700\n512\n\n"))).toBeUndefined();
    expect(
      parseMirrorInfo(textResponse(409, `1\n1\n${"AAAA".repeat(30_000)}\n`, "text/x.tlog.mirror-info")),
    ).toBeUndefined();
  });
});
