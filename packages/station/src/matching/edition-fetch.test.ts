import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { EditionFetch } from "./edition-fetch.ts";
import { SetFiles } from "./set-files.ts";
import { MatchThreads } from "./threads.ts";

it("takes no labels that would fill the disk", async () => {
  const fetch = new EditionFetch(new SetFiles(tmpdir()), new MatchThreads(1));
  const committed = { root: new Uint8Array(32), count: 2 ** 24 };
  const wanted = { set: "00".repeat(32), sequence: 0, committed, labelBytes: 16 * 1024, labels: "00".repeat(32) };
  const source = { peer: undefined, signal: new AbortController().signal };
  expect(await fetch.tags(source, wanted, undefined)).toMatchObject({ ok: false, fault: { code: "wrong-copy" } });
});
