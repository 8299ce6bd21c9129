import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SetFiles } from "./set-files.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "set-files-"));
});
afterAll(() => rm(dir, { recursive: true }));

it("opens a file only when its stream is read, so that an answer to HEAD leaves none open", async () => {
  const files = new SetFiles(dir);
  await files.write("set", "tags", Uint8Array.of(1, 2, 3));
  const unread = files.stream("set", "tags");
  // Long enough for a stream that opens its file at once.
  await sleep(20);
  await files.remove("set", "tags");
  await expect(unread.next()).rejects.toThrow("ENOENT");
});

it("are nobody else's to read, written at once or piece by piece", async () => {
  const files = new SetFiles(dir);
  await files.write("private", "tags", Uint8Array.of(1));
  await (await files.create("private", "labels")).close();
  const modes = [`${dir}/private`, files.path("private", "tags"), files.path("private", "labels")].map(
    async (path) => (await stat(path)).mode & 0o777,
  );
  expect(await Promise.all(modes)).toEqual([0o700, 0o600, 0o600]);
});
