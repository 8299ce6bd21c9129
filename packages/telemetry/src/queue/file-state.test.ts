import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unwrap } from "@detente/basics";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { fileState, sameState } from "./file-state.ts";

const dir = mkdtempSync(join(tmpdir(), "detente-state-"));
const path = join(dir, "some.log");
const TIME = new Date(Date.UTC(2026, 10, 23, 10));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(content: string, time = TIME): void {
  writeFileSync(path, content);
  utimesSync(path, time, time);
}

describe("the state of a file", () => {
  beforeEach(() => write("a".repeat(5000)));

  it("is its size, its time and the digest of its first 4 KiB", async () => {
    expect(unwrap(await fileState(path))).toEqual({
      size: 5000,
      modified: TIME.getTime(),
      head: createHash("sha256").update("a".repeat(4096)).digest("hex"),
    });
  });

  it("is another when the file has grown, was written again, or begins otherwise", async () => {
    const before = unwrap(await fileState(path));
    const changes: (() => void)[] = [
      () => write("a".repeat(5001)),
      () => write("a".repeat(5000), new Date(TIME.getTime() + 10)),
      () => write("b".repeat(5000)),
    ];
    for (const change of changes) {
      change();
      expect(sameState(unwrap(await fileState(path)), before)).toBe(false);
    }
    write("a".repeat(5000));
    expect(sameState(unwrap(await fileState(path)), before)).toBe(true);
  });

  it("is none of what is no file, which is never waited for", async () => {
    const pipe = join(dir, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const other of [dir, pipe, join(dir, "none")]) {
      expect(await fileState(other)).toMatchObject({ ok: false, fault: { code: "unreadable" } });
    }
  });
});
