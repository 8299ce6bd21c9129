import { type Bytes, err, ok, sha256, toHex, utf8 } from "@detente/basics";
import type { BlobWriter } from "@detente/store";
import { expect, test } from "vitest";
import { type Clock, systemClock } from "../clock.ts";
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

/** A clock on which every pause is over at once. */
function hasty(): Clock {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    sleep: async (milliseconds) => {
      ahead += milliseconds;
      await systemClock.sleep(0, new AbortController().signal);
    },
  };
}

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
      clock: hasty(),
      onFault: () => undefined,
    });
    fetching.want({ digest, size: blob.length, author: "ann" });
  });
  expect(await came).toBe(digest);
  expect([puts, Buffer.concat(kept)]).toEqual([2, Buffer.from(blob)]);
});

test("a member that gives its blob for ever holds up nobody else's, and what it names costs the others little", async () => {
  const asked = new Map<string, string[]>();
  const peer = (name: string, give: (path: string) => Promise<number>): Peer =>
    ({
      name,
      client: {
        async request(_: string, path: string, { sink }: { sink: (chunk: Bytes) => Promise<void> }) {
          asked.set(name, [...(asked.get(name) ?? []), path]);
          const status = await give(path);
          if (status === 200) await sink(blob);
          return ok({ status, headers: new Headers(), body: new Uint8Array(0) });
        },
      },
    }) as unknown as Peer;
  const stopping = new AbortController();
  const peers = [
    peer("mal", () => new Promise((resolve) => stopping.signal.addEventListener("abort", () => resolve(404)))),
    peer("lou", async () => 404),
    peer("ann", async (path) => (path === `/blobs/${digest}` ? 200 : 404)),
  ];
  const stored = new Set<string>();
  const blobs = {
    has: async (one: Bytes) => stored.has(toHex(one)),
    isErased: async () => false,
    async put(one: Bytes, __: number, content: AsyncIterable<Bytes>) {
      try {
        for await (const _ of content);
      } catch {
        return err("source-failed", "no answer");
      }
      stored.add(toHex(one));
      return ok(undefined);
    },
  } as unknown as BlobWriter;
  let found: (digest: string) => void = () => undefined;
  const came = new Promise<string>((resolve) => (found = resolve));
  const fetching = new FetchBlobs({
    peers: () => peers,
    blobs,
    onBlob: async (one) => found(one),
    clock: systemClock,
    onFault: () => undefined,
  });
  const begun = performance.now();
  for (let i = 0; i < 20; i++) fetching.want({ digest: toHex(sha256(utf8(`mal ${i}`))), size: 9, author: "mal" });
  for (let i = 0; i < 20; i++) fetching.want({ digest: toHex(sha256(utf8(`lou ${i}`))), size: 9, author: "lou" });
  setTimeout(() => fetching.want({ digest, size: blob.length, author: "ann" }), 500);
  expect(await came).toBe(digest);
  const tenths = (performance.now() - begun) / 100;
  stopping.abort();
  await fetching.stop();
  expect(asked.get("mal")).toHaveLength(1);
  // At most ten requests in vain in a second, however long this machine took, and ann's own blob as soon as it is wanted.
  expect(asked.get("ann")?.at(-1)).toBe(`/blobs/${digest}`);
  expect(asked.get("ann")?.length).toBeLessThan(tenths + 3);
});
