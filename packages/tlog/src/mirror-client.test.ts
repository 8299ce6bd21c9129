import { gunzipSync, gzipSync } from "node:zlib";
import { unwrap, utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import {
  bodyText,
  checkpointNote,
  logOf,
  logSigner,
  MemoryLog,
  mirrorKey,
  ORIGIN,
  recording,
} from "../test/memory-log.ts";
import { MemoryHeadStore } from "./head-store.ts";
import { Mirror, type PendingState } from "./mirror.ts";
import { type MirrorUpload, uploadToMirror } from "./mirror-client.ts";
import { mirrorInfoResponse, parseUploadHeader } from "./mirror-message.ts";
import { parseNote, verifyNote } from "./note.ts";
import { type Send, textResponse } from "./wire.ts";
import { signatureResponse } from "./witness.ts";

function newMirror(): { send: Send; copy: MemoryLog } {
  const copy = new MemoryLog();
  const mirror = new Mirror({
    cosigners: [mirrorKey],
    pending: new MemoryHeadStore<PendingState>(),
    logOf: () => Promise.resolve(copy),
    logKeys: () => [logSigner.verifier],
    originOfHash: () => undefined,
    onSuspicion: () => undefined,
    gunzip: (body, limit) => Promise.resolve(gunzipSync(body, { maxOutputLength: limit })),
    maxBody: 1 << 26,
    now: () => 1_700_000_000_000,
  });
  return { send: (request) => mirror.handle(request), copy };
}

function uploadOf(send: Send, log: MemoryLog, size: number, known: Partial<MirrorUpload> = {}): MirrorUpload {
  return {
    send,
    note: checkpointNote(log, size),
    oldSize: 0,
    nextEntry: 0,
    entries: (start, end) => Promise.resolve(log.stored.slice(start, end)),
    hashReader: log.tree.reader,
    mirrorKeys: [mirrorKey.verifier],
    gzip: undefined,
    ...known,
  };
}

/** Where each add-entries request began. */
function starts(sent: readonly { path: string; body: Uint8Array }[]): number[] {
  return sent.flatMap(({ path, body }) =>
    path === "/add-entries" ? unwrap(parseUploadHeader(body)).header.start : [],
  );
}

describe("with a mirror", () => {
  test("a new log is copied, and the cosignature verifies over our checkpoint", async () => {
    const { send, copy } = newMirror();
    const log = await logOf(700);
    const signatures = unwrap(await uploadToMirror(uploadOf(send, log, 700)));
    const { text } = unwrap(parseNote(checkpointNote(log, 700)));
    expect(unwrap(verifyNote({ text, signatures }, [mirrorKey.verifier])).verified).toEqual([mirrorKey.verifier]);
    expect(copy.stored).toEqual(log.stored);
  });

  test("at most 32 packages go in a request", async () => {
    const { send, sent } = recording(newMirror().send);
    const log = await logOf(9000);
    unwrap(await uploadToMirror(uploadOf(send, log, 9000)));
    expect(starts(sent)).toEqual([0, 8192]);
  });

  test("large entries fill a request sooner", async () => {
    const { send, sent } = recording(newMirror().send);
    const log = new MemoryLog();
    await log.stage(Array.from({ length: 600 }, (_, i) => new Uint8Array(40_000).fill(i)));
    unwrap(await uploadToMirror(uploadOf(send, log, 600)));
    expect(starts(sent)).toEqual([0, 256, 512].slice(0, starts(sent).length));
    expect(starts(sent).length).toBeGreaterThan(1);
  });

  test("growth is uploaded from where the mirror is, whatever was thought of it", async () => {
    const log = await logOf(700);
    for (const known of [{ oldSize: 300, nextEntry: 300 }, {}, { oldSize: 700, nextEntry: 650 }]) {
      const { send, copy } = newMirror();
      unwrap(await uploadToMirror(uploadOf(send, await logOf(300), 300)));
      unwrap(await uploadToMirror(uploadOf(send, log, 700, known)));
      expect(copy.stored).toEqual(log.stored);
    }
  });

  test("an interrupted upload is resumed", async () => {
    const { send, copy } = newMirror();
    const log = await logOf(9000);
    let requests = 0;
    const breaking: Send = (request) => (++requests > 2 ? Promise.reject(new Error("gone")) : send(request));
    expect(await uploadToMirror(uploadOf(breaking, log, 9000))).toMatchObject({
      ok: false,
      fault: { code: "unreachable" },
    });
    expect(copy.stagedSize).toBe(8192);
    const again = recording(send);
    unwrap(await uploadToMirror(uploadOf(again.send, log, 9000, { oldSize: 9000, nextEntry: 8192 })));
    expect(starts(again.sent)).toEqual([8192]);
  });

  test("bodies can go compressed, where there is enough to compress", async () => {
    const type = { "content-type": "application/octet-stream" };
    for (const [size, encoding] of [
      [3, {}],
      [2000, { "content-encoding": "gzip" }],
    ] as const) {
      const { send, sent } = recording(newMirror().send);
      const log = await logOf(size);
      unwrap(await uploadToMirror(uploadOf(send, log, size, { gzip: (body) => Promise.resolve(gzipSync(body)) })));
      expect(sent.at(-1)?.headers).toEqual({ ...type, ...encoding });
    }
  });

  test("a mirror that has more of our log is reported with its size", async () => {
    const { send } = newMirror();
    const log = await logOf(700);
    unwrap(await uploadToMirror(uploadOf(send, log, 700)));
    expect(await uploadToMirror(uploadOf(send, log, 300))).toMatchObject({
      ok: false,
      fault: { code: "ahead", size: 700 },
    });
  });
});

describe("with another implementation's answers", () => {
  test("tickets are handed back", async () => {
    const log = await logOf(700);
    const { text } = unwrap(parseNote(checkpointNote(log, 700)));
    const tickets: string[] = [];
    const send: Send = ({ path, body }) => {
      if (path === "/add-checkpoint") return Promise.resolve(textResponse(200, ""));
      tickets.push(new TextDecoder().decode(unwrap(parseUploadHeader(body)).header.ticket));
      if (tickets.length > 1) return Promise.resolve(signatureResponse([mirrorKey.cosign(text, 1)]));
      return Promise.resolve(mirrorInfoResponse(202, { size: 700, nextEntry: 512, ticket: utf8("resume") }));
    };
    unwrap(await uploadToMirror(uploadOf(send, log, 700)));
    expect(tickets).toEqual(["", "resume"]);
  });

  const none = new Uint8Array(0);
  test.each([
    ["no progress", () => mirrorInfoResponse(202, { size: 700, nextEntry: 0, ticket: none }), "stalled"],
    [
      "a next entry beyond all ends",
      () => mirrorInfoResponse(409, { size: 700, nextEntry: 2 ** 50, ticket: none }),
      "stalled",
    ],
    [
      "a smaller checkpoint than we announced",
      () => mirrorInfoResponse(409, { size: 500, nextEntry: 0, ticket: none }),
      "bad-answer",
    ],
    ["a larger checkpoint", () => mirrorInfoResponse(409, { size: 900, nextEntry: 0, ticket: none }), "ahead"],
    ["409 without information", () => textResponse(409, "no"), "bad-answer"],
    ["422", () => textResponse(422, "proof fails"), "refused"],
    ["200 without signatures", () => textResponse(200, ""), "bad-answer"],
    ["a cosignature of something else", () => signatureResponse([mirrorKey.cosign("x\n", 1)]), "bad-cosignature"],
  ])("%s", async (_, answer, code) => {
    const log = await logOf(700);
    const send: Send = ({ path }) => Promise.resolve(path === "/add-checkpoint" ? textResponse(200, "") : answer());
    const { send: counted, sent } = recording(send);
    expect(await uploadToMirror(uploadOf(counted, log, 700))).toMatchObject({ ok: false, fault: { code } });
    expect(sent.length).toBeLessThan(12);
  });

  test("a mirror that creeps forward one entry at a time is given up", async () => {
    const log = await logOf(700);
    let next = 0;
    const send: Send = ({ path }) =>
      Promise.resolve(
        path === "/add-checkpoint"
          ? textResponse(200, "")
          : mirrorInfoResponse(202, { size: 700, nextEntry: next++, ticket: none }),
      );
    expect(await uploadToMirror(uploadOf(send, log, 700))).toMatchObject({ ok: false, fault: { code: "stalled" } });
    expect(next).toBeLessThan(20);
  });
});

test("a fork is refused by the mirror, and nothing is uploaded", async () => {
  const { send, sent } = recording(newMirror().send);
  unwrap(await uploadToMirror(uploadOf(send, await logOf(300), 300)));
  sent.length = 0;
  const outcome = await uploadToMirror(uploadOf(send, await logOf(400, "fork", 100), 400));
  expect(outcome).toMatchObject({ ok: false, fault: { code: "refused", status: 422 } });
  expect(starts(sent)).toEqual([]);
  expect(bodyText(await send(sent[0] as Parameters<Send>[0]))).not.toContain(ORIGIN);
});
