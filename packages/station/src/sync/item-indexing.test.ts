import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { concatBytes, toHex, unwrap, utf8 } from "@detente/basics";
import { draftItems, ObjectsWriter } from "@detente/record";
import { type BlobReader, type IndexStore, openIndex } from "@detente/store";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blobInPieces } from "../testing/blob-in-pieces.ts";
import { indicator } from "../testing/exchange.ts";
import type { Shared, ShareOnRecord } from "./indexer.ts";
import { ItemIndexing } from "./item-indexing.ts";

const COUNT = 700;
const KEY = new Uint8Array(32).fill(9);

interface Known {
  readonly share: ShareOnRecord;
  readonly blob: Uint8Array;
}

function list(): Known {
  const indicators = Array.from({ length: COUNT }, (_, i) => ({ kind: "domain", value: `bad${i}.example` }) as const);
  const { blob, ...summary } = draftItems(KEY, indicators);
  return known({ kind: "share", content: { title: "many", tlp: "clear", ...summary } }, blob);
}

function objects(): Known {
  const writer = new ObjectsWriter(KEY, COUNT);
  // Each id twice: of its versions in a share the last counts.
  for (let i = 0; i < COUNT; i++)
    unwrap(writer.push(utf8(JSON.stringify({ ...indicator(i % 500), name: `no. ${i}` }))));
  const { pieces, collection, items } = writer.end();
  return known(
    { kind: "objects", content: { title: "many", tlp: "clear", collection, items } },
    concatBytes(...pieces),
  );
}

function known(shared: Shared, blob: Uint8Array): Known {
  const leafHash = toHex(new Uint8Array(32).fill(shared.kind === "share" ? 1 : 2));
  return { share: { leafHash, log: "ann", index: 5, audience: "unit", ...shared }, blob };
}

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(`${tmpdir()}/detente-indexing-`);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A process that has the index open, and how often it has read the blob and written. */
class Life {
  readonly index: IndexStore;
  readonly indexing: ItemIndexing;
  reads = 0;
  writes = 0;

  /** @param after called after each write */
  constructor(path: string, blob: Uint8Array, after: (life: Life) => Promise<void> | void = () => undefined) {
    this.index = unwrap(openIndex(path));
    const { reader, writer } = this.index;
    const inPieces = blobInPieces(blob, 1 << 16);
    const blobs = {
      get: (digest: Uint8Array) => {
        this.reads++;
        return inPieces.get(digest);
      },
    } as BlobReader;
    const add: typeof writer.add = async (batch) => {
      await writer.add(batch);
      this.writes++;
      await after(this);
    };
    this.indexing = new ItemIndexing({
      reader,
      writer: { add, removeItems: (share) => writer.removeItems(share) },
      blobs,
      onChange: () => undefined,
      onFault: (error) => {
        throw error;
      },
    });
  }

  async through(share: ShareOnRecord): Promise<this> {
    await this.indexing.want(share);
    await this.indexing.settled();
    return this;
  }
}

/** All rows of an index; its text indexes are compared with what they are about. */
function contentOf(path: string): unknown {
  const db = new DatabaseSync(path);
  for (const text of ["value_text", "words"])
    db.exec(`INSERT INTO ${text} (${text}, rank) VALUES ('integrity-check', 1)`);
  const tables = ["item_values", "items", "claims", "versions", "texts", "indexed_shares"];
  const rows = tables.map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());
  db.close();
  return rows;
}

let copies = 0;

/** What a process leaves that is killed now. */
function leftBy(path: string): string {
  const copy = `${directory}/left-${copies++}`;
  for (const suffix of ["", "-wal"]) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix);
  return copy;
}

test.each([
  ["a list", list()],
  ["objects", objects()],
])(
  "%s: killed at any moment, the index becomes the same, and no part is written twice",
  async (what, { share, blob }) => {
    const path = `${directory}/${what}`;
    const left: string[] = [];
    const whole = await new Life(path, blob, () => void left.push(leftBy(path))).through(share);
    whole.index.close();
    const expected = contentOf(path);
    expect(left.length).toBeGreaterThan(3);
    for (const [written, one] of left.entries()) {
      const next = await new Life(one, blob).through(share);
      expect(written + 1 + next.writes).toBe(whole.writes);
      next.index.close();
      expect(contentOf(one)).toEqual(expected);
    }
  },
);

test("what is whole is not read again, nor what is wanted twice", async () => {
  const { share, blob } = list();
  const path = `${directory}/again`;
  const first = new Life(path, blob);
  await first.indexing.want(share);
  await first.through(share);
  // Once to see that all of it is right, then once to take it.
  expect(first.reads).toBe(2);
  first.index.close();
  const second = await new Life(path, blob).through(share);
  expect([second.reads, second.writes]).toEqual([0, 0]);
  second.index.close();
});

test("progress is told while it goes on, and searches are complete when all of the start is in", async () => {
  const { share, blob } = list();
  const seen: unknown[] = [];
  const life = new Life(`${directory}/progress`, blob, ({ indexing }) => {
    const { progress, isCaughtUp } = indexing;
    seen.push([progress.shares, progress.items, progress.of, isCaughtUp]);
  });
  await life.indexing.want(share);
  expect(life.indexing.progress).toEqual({ shares: 1, items: 0, of: COUNT });
  await life.indexing.catchUp();
  expect(seen.at(-1)).toEqual([1, COUNT, COUNT, false]);
  expect(life.indexing.progress).toEqual({ shares: 0, items: 0, of: 0 });
  expect(life.indexing.isCaughtUp).toBe(true);
  life.index.close();
});

test("of a share that is erased meanwhile nothing is left, nor where the process ends before it is taken out", async () => {
  const { share, blob } = list();
  const path = `${directory}/erased`;
  let left = "";
  const life = new Life(path, blob, async ({ writes, indexing, index }) => {
    if (writes !== 2) return;
    indexing.breakOff([share]);
    left = leftBy(path);
    await index.writer.removeItems(new Uint8Array(32).fill(1));
  });
  await life.through(share);
  life.index.close();
  const next = new Life(left, blob);
  await next.indexing.forget(share);
  next.index.close();
  const none = [[], [], [], [], [], []];
  expect([contentOf(path), contentOf(left)]).toEqual([none, none]);
});

test("a share that is not what its statement says is left out, and holds up none behind it", async () => {
  const { share, blob } = list();
  const { share: other } = objects();
  const life = new Life(`${directory}/wrong`, blob);
  const faults: unknown[] = [];
  const indexing = new ItemIndexing({
    reader: life.index.reader,
    writer: life.index.writer,
    blobs: blobInPieces(blob, 1 << 14),
    onChange: () => undefined,
    onFault: (error) => faults.push(error),
  });
  await indexing.want(other);
  await indexing.want(share);
  await indexing.settled();
  expect(faults).toHaveLength(1);
  const whole = async (one: ShareOnRecord): Promise<boolean | undefined> =>
    (await life.index.reader.indexedShare(Buffer.from(one.leafHash, "hex")))?.isWhole;
  expect([await whole(other), await whole(share)]).toEqual([undefined, true]);
  life.index.close();
});
