import { chmod, link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findFiles } from "./find-files.ts";

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-find-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

async function make(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(dir, name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, name);
  }
}

async function find(...names: readonly string[]): Promise<{ found: string[]; faults: string[] }> {
  const { files, faults } = await findFiles(names.map((name) => join(dir, name)));
  const short = (text: string): string => text.replaceAll(`${dir}/`, "").replaceAll(dir, ".");
  return { found: files.map(({ path }) => short(path)), faults: faults.map(({ message }) => short(message)) };
}

describe("findFiles", () => {
  it("goes through directories in the order of their paths' bytes", async () => {
    // "ﬀ" comes before "😀" as UTF-8, behind it as UTF-16.
    await make("a/z", "a.log", "B", "a/b/c", "a-1", "ﬀ", "😀");
    expect((await find("")).found).toEqual(["B", "a-1", "a.log", "a/b/c", "a/z", "ﬀ", "😀"]);
  });

  it("keeps the order of the arguments, and each file once", async () => {
    await make("b", "a", "c");
    await link(join(dir, "a"), join(dir, "also-a"));
    expect((await find("b", "", "a")).found).toEqual(["b", "a", "c"]);
  });

  it("follows links and comes to an end in a loop of them", async () => {
    await make("logs/a", "elsewhere/b");
    await symlink(join(dir, "elsewhere"), join(dir, "logs/link"));
    await symlink(join(dir, "logs"), join(dir, "elsewhere/back"));
    await symlink("self", join(dir, "logs/self"));
    const { found, faults } = await find("logs");
    expect(found).toEqual(["logs/a", "logs/link/b"]);
    expect(faults).toEqual(["logs/self: is a symbolic link that leads nowhere — check where it points"]);
  });

  it("takes a pattern as the name of a file if there is one", async () => {
    await make("x[1].log", "x1.log", "y/x1.log", "y/.x1.log");
    expect((await find("x[1].log")).found).toEqual(["x[1].log"]);
    expect((await find("**/x[0-9].log")).found).toEqual(["x1.log", "y/x1.log"]);
  });

  it("says what is not there, and goes on", async () => {
    await make("a");
    expect(await find("none", "*.gz", "a")).toEqual({
      found: ["a"],
      faults: ["none: does not exist — check the path", "*.gz: matches no file — quote it, and check the path"],
    });
  });

  it.skipIf(process.getuid?.() === 0)("says what it may not read, and goes on", async () => {
    await make("a", "locked/b");
    await chmod(join(dir, "locked"), 0o000);
    const { found, faults } = await find("");
    await chmod(join(dir, "locked"), 0o700);
    expect([found, faults]).toEqual([["a"], ["locked: may not be read or written — check its permissions"]]);
  });
});
