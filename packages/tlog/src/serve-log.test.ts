import { toHex } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { checkpointNote, get, logOf, type MemoryLog, post } from "../test/memory-log.ts";
import { parseEntryBundle } from "./entry-bundle.ts";
import { serveLog } from "./serve-log.ts";

async function served(size: number): Promise<MemoryLog> {
  const log = await logOf(size);
  await log.commitHead({ size, root: log.tree.root(), note: checkpointNote(log) }, 0);
  return log;
}

test("the checkpoint is text and not to be cached", async () => {
  const log = await served(300);
  const answer = await serveLog(get("/checkpoint"), log);
  expect(answer.status).toBe(200);
  expect(answer.headers).toEqual({ "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" });
  expect(answer.body).toEqual(log.head?.note);
});

test("tiles and bundles never change", async () => {
  const log = await served(300);
  const tile = await serveLog(get("/tile/0/001.p/44"), log);
  expect(tile.headers["content-type"]).toBe("application/octet-stream");
  expect(tile.headers["cache-control"]).toContain("immutable");
  expect(toHex(tile.body.subarray(0, 32))).toBe(toHex(log.tree.reader(0, 256)));
  const bundle = await serveLog(get("/tile/entries/000"), log);
  expect(parseEntryBundle(bundle.body, 256)).toEqual({ ok: true, value: log.stored.slice(0, 256) });
  expect((await serveLog(get("/tile/1/000.p/1"), log)).body).toEqual(log.tree.reader(8, 0));
});

describe("not found", () => {
  test.each([
    "/",
    "/tile",
    "/tile/0/001",
    "/tile/0/001.p/45",
    "/tile/2/000.p/1",
    "/tile/entries/001",
    "/tile/0/1",
    "/tile/64/000",
    "/tile/0/../000",
    "/x",
  ])("%s", async (path) => {
    expect((await serveLog(get(path), await served(300))).status).toBe(404);
  });

  test("a log without a head has nothing", async () => {
    const log = await logOf(300);
    for (const path of ["/checkpoint", "/tile/0/000", "/tile/entries/000"]) {
      expect((await serveLog(get(path), log)).status).toBe(404);
    }
  });
});

test("a log is only read", async () => {
  expect((await serveLog(post("/checkpoint", new Uint8Array(0)), await served(3))).status).toBe(405);
});
