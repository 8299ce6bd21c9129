import { type Bytes, equalBytes, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyText, logOf, ORIGIN, post } from "../test/memory-log.ts";
import { announce, mirrorBench, packagesOf, upload, uploadBody } from "../test/mirror-bench.ts";
import { type EntryPackage, formatUpload } from "./mirror-message.ts";

describe("refusals", () => {
  test("409 tells where to go on", async () => {
    const { mirror } = mirrorBench();
    const log = await logOf(300);
    await announce(mirror, log, 0, 300);
    for (const [start, end] of [
      [0, 0],
      [0, 299],
      [1, 300],
    ] as const) {
      const answer = await upload(mirror, log, start, end, []);
      expect(answer.status).toBe(409);
      expect(answer.headers["content-type"]).toBe("text/x.tlog.mirror-info");
      expect(bodyText(answer)).toBe("300\n0\n\n");
    }
  });

  test("a start far below what is held is sent forward", async () => {
    const { mirror } = mirrorBench();
    const log = await logOf(8500);
    await announce(mirror, log, 0, 8500);
    await upload(mirror, log, 0, 8500);
    expect((await upload(mirror, log, 0, 8500, [])).status).toBe(409);
    expect((await upload(mirror, log, 400, 8500, [])).status).toBe(400);
  });

  test("nothing pending is 422, another log 404, garbage 400", async () => {
    const { mirror } = mirrorBench();
    const log = await logOf(3);
    expect((await upload(mirror, log, 0, 3)).status).toBe(422);
    const other = formatUpload({ origin: "other", start: 0, end: 3, ticket: new Uint8Array(0) }, []);
    expect((await mirror.handle(post("/add-entries", other))).status).toBe(404);
    expect((await mirror.handle(post("/add-entries", utf8("garbage")))).status).toBe(400);
    await announce(mirror, log, 0, 3);
    expect((await upload(mirror, log, 0, 3, [])).status).toBe(400);
  });

  test("a full disk is 503, and nothing is cosigned", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(3);
    await announce(mirror, log, 0, 3);
    copy.full = true;
    expect((await upload(mirror, log, 0, 3)).status).toBe(503);
    expect(copy.head).toBeUndefined();
  });
});

describe("entries that are not the log's", () => {
  test("any changed byte of an upload is noticed: nothing of its package is stored", async () => {
    const log = await logOf(20);
    const body = uploadBody(log, 0, 20);
    const header = 2 + ORIGIN.length + 18;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: header, max: body.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, mask) => {
          const { mirror, copy } = mirrorBench();
          await announce(mirror, log, 0, 20);
          const changed = body.slice();
          changed[at] = (changed[at] as number) ^ mask;
          const { status } = await mirror.handle(post("/add-entries", changed));
          expect([400, 422]).toContain(status);
          expect([copy.stagedSize, copy.head]).toEqual([0, undefined]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a bad package is 422; the good ones before it stay, and the upload can go on", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 700);
    const packages = packagesOf(log, 0, 700);
    const [first, second, third] = packages as [EntryPackage, EntryPackage, EntryPackage];
    const swapped = { ...second, entries: [...second.entries.slice(1), second.entries[0] as Bytes] };
    expect((await upload(mirror, log, 0, 700, [first, swapped, third])).status).toBe(422);
    expect(copy.stagedSize).toBe(256);
    expect((await upload(mirror, log, 256, 700)).status).toBe(200);
  });

  test("packages out of order, or of a fork, are refused", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 700);
    const fork = await logOf(700, "fork", 500);
    expect((await upload(mirror, log, 0, 700, packagesOf(log, 0, 700).toReversed())).status).not.toBe(200);
    expect((await upload(mirror, log, 0, 700, packagesOf(fork, 0, 700))).status).toBe(422);
    expect(copy.stored.every((entry, i) => equalBytes(entry, log.stored[i] as Bytes))).toBe(true);
    expect(copy.head).toBeUndefined();
  });

  test("an entry pushed into the next bundle's place is refused", async () => {
    const { mirror } = mirrorBench();
    const log = await logOf(300);
    await announce(mirror, log, 0, 300);
    const [first, second] = packagesOf(log, 0, 300) as [EntryPackage, EntryPackage];
    const grown = { ...first, entries: [...first.entries, second.entries[0] as Bytes] };
    const shrunk = { ...second, entries: second.entries.slice(1) };
    expect((await upload(mirror, log, 0, 300, [grown, shrunk])).status).not.toBe(200);
  });
});

test("a copy that is not what it was is never cosigned", async () => {
  const { mirror, copy } = mirrorBench();
  const log = await logOf(700);
  await announce(mirror, log, 0, 700);
  const fork = await logOf(256, "fork");
  await copy.stage(fork.stored);
  await expect(upload(mirror, log, 256, 700)).rejects.toThrow("entries held");
  expect(copy.head).toBeUndefined();
});
