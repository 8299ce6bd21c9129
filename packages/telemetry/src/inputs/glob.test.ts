import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { globBase, globMatcher } from "./glob.ts";

const NAMES = [
  "a.log",
  "b.log",
  "b.log.1",
  "a+b.log",
  ".hidden.log",
  "x/a.log",
  "x/.hidden/a.log",
  "x/y/a.log",
  "x/y/z/b.log.gz",
  "[odd].log",
  "a-1.log",
];

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "detente-glob-"));
  for (const name of NAMES) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), "");
  }
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

// bash is the independent implementation: `nullglob` and `globstar` are what this matcher does.
it.each([
  "*.log",
  "*",
  "?.log",
  "[ab].log",
  "[!a].log",
  "[a-b].log*",
  "*.{log,log.1}",
  "x/*.log",
  "x/*/*.log",
  "**/*.log",
  "x/**/*",
  "**/a.log",
  ".*.log",
  "x/.*/a.log",
  "a+*.log",
  "[[]odd].log",
  "{a,x/a}.log",
  "*-[0-9].log",
])("%s matches what bash matches", (pattern) => {
  const script = "shopt -s nullglob globstar; for f in " + pattern + '; do [ -f "$f" ] && echo "$f"; done; true';
  const found = execFileSync("bash", ["-c", script], { cwd: dir, encoding: "utf8" });
  const expected = found.split("\n").filter(Boolean).sort();
  expect(NAMES.filter(globMatcher(pattern)).sort()).toEqual(expected);
  expect(expected.length).toBeGreaterThan(0);
});

it("knows where to look", () => {
  expect(["/var/log/*.log", "*.log", "/*", "logs/a?/b", "./x/**"].map(globBase)).toEqual([
    "/var/log",
    ".",
    "/",
    "logs",
    "./x",
  ]);
});
