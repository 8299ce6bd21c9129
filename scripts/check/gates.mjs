import { join } from "node:path";
import { filesBelow, isSource } from "../files.mjs";
import { EXPECTED, PLANTED } from "../import-rules/planted.mjs";
import { checkImports } from "../import-rules/rules.mjs";
import { checkLength } from "./file-length.mjs";
import { checkWords } from "./forbidden-words.mjs";
import { ROOT, tool } from "./tool.mjs";

/**
 * @typedef {{ ok: boolean, note: string, details: string }} Outcome `note` fits in a line
 * @typedef {{
 *   name: string,
 *   run: (root: string) => Promise<Outcome> | Outcome,
 *   planted: Record<string, string>,
 *   caught: string[],
 * }} Gate `planted` is a tree that the gate must refuse, with each text of `caught` among the details
 */

/** @type {Gate} */
const types = {
  name: "types",
  async run(root) {
    const config = join(root, "tsconfig.json");
    const [build, all, listed] = await Promise.all([
      root === ROOT ? tool("tsc", ["-b", join(root, "tsconfig.build.json")]) : { ok: true, output: "" },
      tool("tsc", ["-p", config]),
      tool("tsc", ["-p", config, "--listFilesOnly"]),
    ]);
    const seen = new Set(listed.output.split("\n"));
    const unseen = filesBelow(root).filter((file) => needsTypes(file) && !seen.has(join(root, file)));
    return {
      ok: build.ok && all.ok && unseen.length === 0,
      note: `${[...seen].filter((file) => !file.includes("/node_modules/")).length} files`,
      details: [build.output, all.output, ...unseen.map((file) => `${file}: outside tsconfig.json`)].join("\n"),
    };
  },
  planted: {
    "tsconfig.json": JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { types: [] },
      include: ["packages"],
    }),
    "packages/a.ts": `const first: string = ["x"][0];\nexport { first };\n`,
    "packages/b.ts": `export const maybe: { a?: string } = { a: undefined };\n`,
    "scripts/c.mjs": "export {};\n",
  },
  caught: ["a.ts(1,7): error TS2322", "b.ts(1,14): error TS2375", "scripts/c.mjs: outside tsconfig.json"],
};

/** @param {string} file */
function needsTypes(file) {
  return isSource(file) && /^(?:(?:packages|apps)\/[^/]+\/(?:src|test)|scripts|bench)\//.test(file);
}

/** @type {Gate} */
const lint = {
  name: "lint",
  async run(root) {
    const { ok, output } = await tool("oxlint", ["-c", join(ROOT, ".oxlintrc.json"), root]);
    return { ok, note: /on (\d+ files with \d+ rules)/.exec(output)?.[1] ?? "no summary", details: output };
  },
  planted: {
    "a.test.ts": `async function later(): Promise<void> {}\nexport function now(): void {\n  later();\n}\n`,
    "b.ts": `export default function (x: any): boolean {\n  return x == 1;\n}\n`,
  },
  caught: ["no-floating-promises", "no-default-export", "no-explicit-any", "eqeqeq"],
};

/** @type {Gate} */
const format = {
  name: "format",
  async run(root) {
    const { ok, output } = await tool("oxfmt", ["-c", join(ROOT, ".oxfmtrc.json"), "--check", root]);
    return { ok, note: /on (\d+ files)/.exec(output)?.[1] ?? "no summary", details: output };
  },
  planted: { "a.ts": "export const a = {b:1}\n", "b.json": '{"a":\n1}' },
  caught: ["a.ts", "b.json"],
};

/** @type {Gate} */
const deadCode = {
  name: "dead code",
  async run(root) {
    const args = ["--config", join(ROOT, "knip.json"), "--directory", root, "--no-progress", "--no-config-hints"];
    const all = await tool("knip", args);
    const shipped = await tool("knip", [...args, "--strict"]);
    const lines = new Set([...all.output.split("\n"), "With --strict:", ...shipped.output.split("\n")]);
    return { ok: all.ok && shipped.ok, note: "all, and --strict", details: [...lines].join("\n") };
  },
  planted: {
    "package.json": JSON.stringify({
      name: "planted",
      private: true,
      workspaces: ["packages/*"],
      devDependencies: { vitest: "*" },
    }),
    "packages/a/package.json": JSON.stringify({ name: "@detente/a", dependencies: { "left-over": "1.0.0" } }),
    "packages/a/src/index.ts": `export { used } from "./parts.ts";\nimport "not-listed";\n`,
    "packages/a/src/parts.ts": "export const used = 1;\nexport const unusedExport = 2;\n",
    "packages/a/src/orphan.ts": "export const orphan = 1;\n",
    "packages/a/src/for-tests.ts": "export const onlyForTests = 1;\n",
    "packages/a/src/a.test.ts": `import { onlyForTests } from "./for-tests.ts";\nonlyForTests;\n`,
  },
  caught: ["left-over", "not-listed", "unusedExport", "packages/a/src/orphan.ts", "packages/a/src/for-tests.ts"],
};

/** @type {Gate} */
const importRules = {
  name: "imports",
  run(root) {
    const { files, findings } = checkImports(root);
    const lines = findings.map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`);
    return { ok: findings.length === 0, note: `${files} files`, details: lines.join("\n") };
  },
  planted: PLANTED,
  caught: EXPECTED,
};

/** @type {Gate} */
const words = {
  name: "words",
  run(root) {
    const { files, problems } = checkWords(root);
    return { ok: problems.length === 0, note: `${files} files`, details: problems.join("\n") };
  },
  planted: { "notes.md": `one\nsee ${["", "home", "someone", "notes"].join("/")}\n` },
  caught: ["notes.md:2"],
};

/** @type {Gate} */
const length = {
  name: "length",
  run(root) {
    const { files, problems, warnings } = checkLength(root);
    const note = [`${files} files`, ...warnings].join("; ");
    return { ok: problems.length === 0, note, details: problems.join("\n") };
  },
  planted: { "long.ts": "export {};\n".repeat(301), "long.test.ts": "export {};\n".repeat(301) },
  caught: ["long.ts:301"],
};

/** In the order of the report. @type {readonly Gate[]} */
export const GATES = [types, lint, format, deadCode, importRules, words, length];
