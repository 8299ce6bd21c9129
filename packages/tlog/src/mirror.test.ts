import { gzipSync } from "node:zlib";
import { unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bodyText,
  checkpointNote,
  get,
  logOf,
  logSigner,
  type MemoryLog,
  mirrorKey,
  ORIGIN,
  post,
} from "../test/memory-log.ts";
import { announce, MAX_BODY, mirrorBench, packagesOf, upload, uploadBody } from "../test/mirror-bench.ts";
import { parseMirrorInfo } from "./mirror-message.ts";
import { parseNote, parseSignatureLines, verifyNote } from "./note.ts";
import type { WireResponse } from "./wire.ts";
import { originHash } from "./witness.ts";

/** The names of who cosigned, each signature verified over the log's checkpoint. */
function cosigners(response: WireResponse, log: MemoryLog, size: number): string[] {
  expect(response.status).toBe(200);
  const { text } = unwrap(parseNote(checkpointNote(log, size)));
  const signatures = unwrap(parseSignatureLines(bodyText(response)));
  return unwrap(verifyNote({ text, signatures }, [mirrorKey.verifier])).verified.map(({ name }) => name);
}

describe("add-checkpoint", () => {
  test("moves the pending checkpoint only, and is not cosigned", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(300);
    const answer = await announce(mirror, log, 0, 300);
    expect([answer.status, bodyText(answer)]).toEqual([200, ""]);
    expect(copy.head).toBeUndefined();
    expect((await announce(mirror, log, 300, 300)).status).toBe(200);
    const again = await announce(mirror, log, 0, 300);
    expect([again.status, bodyText(again), again.headers["content-type"]]).toEqual([409, "300\n", "text/x.tlog.size"]);
  });

  test("refuses a fork as a witness does, and hands it over", async () => {
    const { mirror, suspicions } = mirrorBench();
    await announce(mirror, await logOf(300), 0, 300);
    expect((await announce(mirror, await logOf(300, "fork", 9), 300, 300)).status).toBe(422);
    expect((await announce(mirror, await logOf(301, "fork", 9), 300, 301)).status).toBe(422);
    expect(suspicions.map(({ kind }) => kind)).toEqual(["other-root", "bad-proof"]);
  });
});

describe("add-entries", () => {
  test.each([1, 255, 256, 257, 700])("a log of %i entries in one request", async (size) => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(size);
    await announce(mirror, log, 0, size);
    expect(cosigners(await upload(mirror, log, 0, size), log, size)).toEqual(["mirror.example"]);
    expect(copy.stored).toEqual(log.stored);
    const { verified } = unwrap(
      verifyNote(unwrap(parseNote(copy.head?.note ?? new Uint8Array(0))), [logSigner.verifier, mirrorKey.verifier]),
    );
    expect(verified.map(({ name }) => name)).toEqual([ORIGIN, "mirror.example"]);
  });

  test("a log that grows, from within a bundle", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 300);
    const first = await logOf(300);
    await upload(mirror, first, 0, 300);
    await announce(mirror, log, 300, 700);
    expect(cosigners(await upload(mirror, log, 300, 700), log, 700)).toEqual(["mirror.example"]);
    expect(copy.stored).toEqual(log.stored);
  });

  test("part of the packages: 202, and the rest is asked for", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 700);
    const answer = await upload(mirror, log, 0, 700, packagesOf(log, 0, 700).slice(0, 2));
    expect(answer.status).toBe(202);
    expect(parseMirrorInfo(answer)).toMatchObject({ size: 700, nextEntry: 512 });
    expect(copy.head).toBeUndefined();
    expect((await upload(mirror, log, 512, 700)).status).toBe(200);
  });

  test("an upload cut off anywhere keeps the whole packages before the cut", async () => {
    const log = await logOf(300);
    const body = uploadBody(log, 0, 300);
    const header = 2 + ORIGIN.length + 18;
    const second = body.length - uploadBody(log, 256, 300).length + header;
    const cuts = fc.oneof(fc.nat(body.length - 1), fc.constantFrom(second - 1, second, second + 1, body.length - 1));
    await fc.assert(
      fc.asyncProperty(cuts, async (length) => {
        const { mirror, copy } = mirrorBench();
        await announce(mirror, log, 0, 300);
        const answer = await mirror.handle(post("/add-entries", body.subarray(0, length)));
        expect([answer.status, copy.stagedSize]).toEqual(length >= second ? [202, 256] : [400, 0]);
        expect((await upload(mirror, log, copy.stagedSize, 300)).status).toBe(200);
      }),
      { numRuns: 30 },
    );
  });

  test("entries that are here already are not stored twice", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 700);
    await upload(mirror, log, 0, 700, packagesOf(log, 0, 700).slice(0, 2));
    expect((await upload(mirror, log, 300, 700)).status).toBe(200);
    expect(copy.stored).toEqual(log.stored);
    expect((await upload(mirror, log, 0, 700)).status).toBe(200);
    expect((await upload(mirror, log, 700, 700)).status).toBe(200);
    expect(copy.stored).toEqual(log.stored);
  });

  test("an upload to an earlier pending checkpoint may still be finished, and the mirror never goes back", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 300);
    await announce(mirror, log, 300, 700);
    expect(cosigners(await upload(mirror, await logOf(300), 0, 300), log, 300)).toEqual(["mirror.example"]);
    expect((await upload(mirror, log, 300, 700)).status).toBe(200);
    const back = await upload(mirror, await logOf(300), 300, 300);
    expect([back.status, parseMirrorInfo(back)?.size]).toEqual([409, 700]);
    expect(copy.head?.size).toBe(700);
  });

  test("several uploaders at once do not disturb one another", async () => {
    const { mirror, copy } = mirrorBench();
    const log = await logOf(700);
    await announce(mirror, log, 0, 700);
    const answers = await Promise.all([
      upload(mirror, log, 0, 700),
      upload(mirror, log, 0, 700),
      upload(mirror, log, 0, 700),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(copy.stored).toEqual(log.stored);
  });

  test("gzip is understood, up to a limit; other encodings are not", async () => {
    const { mirror } = mirrorBench();
    const log = await logOf(300);
    await announce(mirror, log, 0, 300);
    const body = gzipSync(uploadBody(log, 0, 300));
    const gzip = { "content-encoding": "gzip" };
    expect((await mirror.handle(post("/add-entries", gzipSync(new Uint8Array(MAX_BODY + 1)), gzip))).status).toBe(400);
    expect((await mirror.handle(post("/add-entries", utf8("no gzip"), gzip))).status).toBe(400);
    expect((await mirror.handle(post("/add-entries", new Uint8Array(MAX_BODY + 1)))).status).toBe(413);
    const brotli = await mirror.handle(post("/add-entries", body, { "content-encoding": "br" }));
    expect([brotli.status, brotli.headers["accept-encoding"]]).toEqual([415, "gzip"]);
    expect((await mirror.handle(post("/add-entries", body, gzip))).status).toBe(200);
  });
});

test("the copy is served as tiles under the hash of the origin", async () => {
  const { mirror } = mirrorBench();
  const log = await logOf(300);
  const prefix = `/${originHash(ORIGIN)}`;
  expect((await mirror.handle(get(`${prefix}/checkpoint`))).status).toBe(404);
  await announce(mirror, log, 0, 300);
  await upload(mirror, log, 0, 300);
  expect((await mirror.handle(get(`${prefix}/tile/entries/000`))).status).toBe(200);
  expect((await mirror.handle(get(`${prefix}/tile/0/001.p/44`))).body).toHaveLength(44 * 32);
  expect((await mirror.handle(get(`/${originHash("other")}/checkpoint`))).status).toBe(404);
  expect((await mirror.handle(get("/add-entries"))).status).toBe(404);
});
