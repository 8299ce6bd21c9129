/**
 * A small tree that breaks every rule. Each broken line ends in `// breaks: rule…`, which is also the expectation;
 * the other lines look like a violation and are none.
 */

/** @param {string} name @param {string[]} dependencies @param {string} directory */
function workspace(name, dependencies, directory) {
  const declared = Object.fromEntries(dependencies.map((dependency) => [`@detente/${dependency}`, "0.1.0"]));
  const references = dependencies.map((dependency) => ({ path: `../../packages/${dependency}` }));
  return {
    [`${directory}/package.json`]: JSON.stringify({
      name: `@detente/${name}`,
      exports: { ".": "./src/index.ts", "./part": "./src/part/index.ts" },
      dependencies: declared,
    }),
    [`${directory}/tsconfig.json`]: JSON.stringify({ references }),
  };
}

/** Path to text. @type {Record<string, string>} */
export const PLANTED = {
  ...workspace("basics", [], "packages/basics"),
  ...workspace("tlog", ["basics", "record"], "packages/tlog"),
  ...workspace("record", ["tlog", "basics"], "packages/record"),
  ...workspace("unit", ["basics", "demo"], "packages/unit"),
  ...workspace("intel", ["basics"], "packages/intel"),
  ...workspace("rla", ["basics"], "packages/rla"),
  ...workspace("store", ["basics"], "packages/store"),
  ...workspace("telemetry", ["basics", "intel"], "packages/telemetry"),
  ...workspace("newcomer", [], "packages/newcomer"),
  ...workspace("demo", ["record"], "apps/demo"),

  "packages/basics/src/crypto/node.ts": `import { createHash } from "node:crypto";\nBuffer.from(createHash("x").digest());`,
  "packages/tlog/src/upward.ts": [
    `import type {`,
    `  Leaf, // not from "here"`,
    `} from "@detente/record"; // breaks: upward`,
    `export { Leaf } from "@detente/record"; // breaks: upward`,
    `export * as all from "@detente/record"; // breaks: upward`,
    `type Late = import("@detente/record").Leaf; // breaks: upward`,
    `export { type Late, Leaf as "@detente/record" };`,
    `import { Bytes } from "@detente/basics";`,
  ].join("\n"),
  "packages/tlog/src/self.ts": `import "@detente/tlog"; // breaks: upward undeclared unreferenced`,
  "packages/record/src/deep.ts": [
    `import { x } from "@detente/tlog/src/tree.ts"; // breaks: deep`,
    `import { part } from "@detente/tlog/part";`,
    `import { far } from "@detente/tlog/part/far"; // breaks: deep`,
    `import { y } from "../../tlog/src/tree.ts"; // breaks: outside`,
    `import { z } from "../src/./tree.ts";`,
    `await import(name); // breaks: computed`,
    "await import(`@detente/${name}`); // breaks: computed",
  ].join("\n"),
  "packages/unit/src/app.ts": [
    `import { story } from "@detente/demo"; // breaks: app`,
    `import { Tree } from "@detente/tlog"; // breaks: undeclared unreferenced`,
  ].join("\n"),
  "packages/unit/src/unsteady.ts": [
    `/* import "node:fs"; Date.now() */ const text = 'import "node:fs"'; // Date.now()`,
    "const spread = `${Date.now()} Math.random() ${`${'}'}`}`; // breaks: unsteady",
    `const pattern = /["'\`/]Date.now()/u.test(text) ? 4 / 2 : 1; // it's no division`,
    `const day = new Date(0), clock = { Date: 1, process: 2, import: "node:fs" }.process;`,
    `const a = new Date(); // breaks: unsteady`,
    `const b = globalThis.performance.now(); // breaks: unsteady`,
    `const c = Math`,
    `  .random(); // after the line that breaks`,
    `const d = crypto.getRandomValues(new Uint8Array(1)); // breaks: unsteady`,
    `const e = process.env; // breaks: unsteady`,
    `const f = ["b", "a"].sort((x, y) => x.localeCompare(y)); // breaks: locale`,
    `const g = Math.log(2) + Math.log2(8) + Math.max(1); // breaks: unsteady unsteady`,
    `setTimeout(() => undefined, 1); // breaks: unsteady`,
    `const h = Buffer.from("x"); // breaks: unsteady`,
  ].join("\n"),
  "packages/unit/src/steady.test.ts": `import "node:fs";\nDate.now();`,
  "packages/intel/src/node.ts": [
    `import "node:fs"; // breaks: node`,
    `import { join } from "path/posix"; // breaks: node`,
    `const cmp = (x: string, y: string) => x.localeCompare(y); // breaks: locale`,
    `const now = Date.now();`,
    `const fs = require("fs"); // breaks: node`,
  ].join("\n"),
  "packages/rla/src/reports.ts": [
    `const a = Math.log(2) + Math.exp(1) - Math.log1p(0);`,
    `const b = Math.random() * Date.now(); // breaks: unsteady unsteady`,
    `import "node:fs"; // breaks: node`,
  ].join("\n"),
  "packages/store/src/node.ts": `import "node:fs";\nDate.now();`,
  "packages/store/src/broken.ts": `const open = "never closed; // breaks: unreadable`,
  "packages/telemetry/src/engine/worker.ts": [
    `import { present } from "@detente/basics";`,
    `import type { Item } from "@detente/intel";`,
    `import { Compile } from "typebox/compile"; // breaks: heavy`,
    `import { scan } from "./scan.ts";`,
    `const { readIndicators } = await import("@detente/intel");`,
  ].join("\n"),
  "packages/telemetry/src/engine/scan.ts": [
    `import "node:fs";`,
    `import { type Item } from "@detente/intel"; // breaks: heavy`,
    `export * from "./scan.ts";`,
    `export type * from "./types.ts";`,
  ].join("\n"),
  "packages/telemetry/src/engine/types.ts": `import "typebox";`,
  "packages/basics/src/index.ts": `export * from "./shape.ts";`,
  "packages/basics/src/shape.ts": `import { Type } from "typebox"; // breaks: heavy`,
  "packages/newcomer/src/index.ts": `export {}; // breaks: unplaced`,
  "apps/demo/src/main.ts": [
    `import { Leaf } from "@detente/record";`,
    `import { cli } from "../../cli/src/main.ts"; // breaks: outside`,
    `import { Tree } from "@detente/tlog"; // breaks: undeclared unreferenced`,
  ].join("\n"),
};

/** `file:line rule` of each violation, sorted. */
export const EXPECTED = Object.entries(PLANTED)
  .flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => {
      const rules = /\/\/ breaks: (.*)$/.exec(line)?.[1]?.split(" ") ?? [];
      return rules.map((rule) => `${file}:${index + 1} ${rule}`);
    }),
  )
  .concat("packages/unit/src/unsteady.ts:7 unsteady", "packages/telemetry/src/thread/worker.ts:1 heavy")
  .toSorted();
