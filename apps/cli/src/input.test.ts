import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { collect } from "@detente/basics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openInput } from "./input.ts";

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Standard input that is not read.
}

describe("openInput", () => {
  it("stops a small file that unpacks to too much", async () => {
    const path = join(dir, "bomb.gz");
    await writeFile(path, gzipSync(Buffer.alloc(1 << 20)));
    const { chunks } = await openInput(path, nothing(), 1 << 19);
    await expect(collect(chunks())).rejects.toThrow(`${path}: unpacks to more than 512.0 KiB — unpack it and split it`);
  });

  it("reads all members of a gzip file of several", async () => {
    const path = join(dir, "two.gz");
    await writeFile(path, Buffer.concat([gzipSync("one\n"), gzipSync("two\n")]));
    const { chunks } = await openInput(path, nothing());
    expect(Buffer.concat(await collect(chunks())).toString()).toBe("one\ntwo\n");
  });

  it("tells how much of the file itself was read", async () => {
    const path = join(dir, "plain");
    await writeFile(path, "abc");
    const { chunks, size } = await openInput(path, nothing());
    let read = 0;
    await collect(chunks((bytes) => (read += bytes)));
    expect([read, size]).toEqual([3, 3]);
  });

  it("gives nothing of an empty file", async () => {
    const path = join(dir, "empty");
    await writeFile(path, "");
    const { chunks } = await openInput(path, nothing());
    expect(await collect(chunks())).toEqual([]);
  });
});
