import { expect, test } from "vitest";
import { withPlanted } from "../planting.mjs";
import { imports } from "./imports.mjs";
import { EXPECTED, PLANTED } from "./planted.mjs";
import { checkImports } from "./rules.mjs";
import { tokens } from "./tokens.mjs";

test("every planted violation is found at its file and line, and nothing else", async () => {
  const { findings } = await withPlanted(PLANTED, checkImports);
  expect(findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`).toSorted()).toEqual(EXPECTED);
});

test("a tree without workspaces has nothing to check, and says so", async () => {
  expect(await withPlanted({ "README.md": "" }, checkImports)).toEqual({ files: 0, findings: [] });
});

test.each([
  ["import a from 'x'", ["x"]],
  ['import"x"', ["x"]],
  ['import a, { b as from } from "x"; import c from "y"', ["x", "y"]],
  ['import * as a\n  from\n  "x" with { type: "json" }', ["x"]],
  ['import type from from "x"', ["x"]],
  ['export { a }; export type { B } from "x"; export type * from "y"', ["x", "y"]],
  ['export const a = { import: "no", from: "no" }; export default "no"', []],
  ['const a: typeof import("x") = await import("y", { with: {} })', ["x", "y"]],
  ["const a = import.meta.url, b = loader.import('no')", []],
  ["await import(a + 'x'), import(`y`)", [undefined, undefined]],
  ["const a = b / c; import 'x'; const d = e / f", ["x"]],
  ["const a = /import 'no'/; return /[/]import 'no'/", []],
  ["const a = `import 'no' ${`import 'no' ${import('x')}`} import 'no'`", ["x"]],
  ["// import 'no'\n/* import 'no'\n */ import 'x'", ["x"]],
  ["#!/usr/bin/env node\nimport 'x'", ["x"]],
])("the modules named in %j are %j", (source, expected) => {
  expect(imports(tokens(source)).map(({ specifier }) => specifier)).toEqual(expected);
});

test.each([
  ["import a from 'a'; import 'b'; export * from 'c'; export { d } from 'd'", ["a", "b", "c", "d"]],
  ["import type a from 'a'; import type { b } from 'b'; import type * as c from 'c'; import type from from 'd'", []],
  ["import type from 'a'; import type, { b } from 'b'; import { type c } from 'c'", ["a", "b", "c"]],
  ["export type { a } from 'a'; export type * from 'b'; const c: typeof import('c') = await import('d')", []],
])("of the modules named in %j, %j are loaded at once", (source, expected) => {
  const atOnce = imports(tokens(source)).filter(({ isAtOnce }) => isAtOnce);
  expect(atOnce.map(({ specifier }) => specifier)).toEqual(expected);
});
