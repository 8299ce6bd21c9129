import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow } from "./files.mjs";

test.each(["directory", "file"])("what git keeps is no part of the sources where .git is a %s", (kind) => {
  const root = mkdtempSync(join(tmpdir(), "detente-files-"));
  mkdirSync(join(root, "src"));
  writeFileSync(join(root, "src/a.ts"), "");
  if (kind === "file") writeFileSync(join(root, ".git"), "gitdir: elsewhere\n");
  else {
    mkdirSync(join(root, ".git"));
    writeFileSync(join(root, ".git/config"), "");
  }
  expect(filesBelow(root)).toEqual(["src/a.ts"]);
  rmSync(root, { recursive: true });
});
