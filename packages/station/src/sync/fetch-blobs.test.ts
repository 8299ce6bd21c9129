import { type Bytes, err, ok, sha256, toHex, utf8 } from "@detente/basics";
import type { BlobWriter } from "@detente/store";
import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { FetchBlobs } from "./fetch-blobs.ts";
import type { Peer } from "./peer.ts";

const blob = utf8("items, far more than a pipe keeps");
const digest = toHex(sha256(blob));

/** A peer that gives the blob byte by byte, as slowly as it is taken. */
const author = {
  name: "ann",
  client: {
    async request(_: string, __: string, { sink }: { sink: (chunk: Bytes) => Promise<void> }) {
      for (const byte of blob) await sink(Uint8Array.of(byte));
      return ok({ status: 200, headers: new Headers(), body: new Uint8Array(0) });
    },
  },
} as unknown as Peer;

test("a store that cannot open a file for the blob holds nobody up: it is asked for again", async () => {
  let puts = 0;
  const kept: Bytes[] = [];
  const blobs = {
    has: async () => false,
    isErased: async () => false,
    async put(_: Bytes, __: number, content: AsyncIterable<Bytes>) {
      if (++puts === 1) return err("storage-failed", "no space left on device");
      for await (const chunk of content) kept.push(chunk);
      return ok(undefined);
    },
  } as unknown as BlobWriter;
  const came = new Promise<string>((resolve) => {
    const fetching = new FetchBlobs({
      peers: () => [author],
      blobs,
      onBlob: async (one) => resolve(one),
      clock: { now: () => systemClock.now(), sleep: async () => undefined },
      onFault: () => undefined,
    });
    fetching.want({ digest, size: blob.length, author: "ann" });
  });
  expect(await came).toBe(digest);
  expect([puts, Buffer.concat(kept)]).toEqual([2, Buffer.from(blob)]);
}, 5000);
