import { randomBytes } from "node:crypto";
import { unwrap } from "@detente/basics";
import { expect, it } from "vitest";
import { fileOf } from "../../testing/files.ts";
import { zipOf } from "../../testing/zip.ts";
import { zipFiles } from "./zip-files.ts";

it("goes on behind a file that nobody read, or not to its end", async () => {
  const files = { "a/": "", "large.bin": randomBytes(3 << 20).toString("latin1"), "b.txt": "b", "c.txt": "" };
  for (const isPacked of [true, false]) {
    const seen: Record<string, number> = {};
    for await (const read of zipFiles(fileOf(zipOf(files, isPacked), "x.zip", 1 << 14))()) {
      const { name, chunks } = unwrap(read);
      seen[name] = 0;
      if (name === "c.txt") continue;
      for await (const piece of chunks()) {
        seen[name] = piece.length;
        break;
      }
    }
    expect(Object.keys(seen)).toEqual(["large.bin", "b.txt", "c.txt"]);
    expect(seen["large.bin"]).toBeGreaterThan(1000);
    expect(seen["b.txt"]).toBe(1);
  }
});
