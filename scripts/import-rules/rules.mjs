import { builtinModules } from "node:module";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { filesBelow, isSource, isTest, readText } from "../files.mjs";
import { DETERMINISTIC, INEXACT, NODE_EDGES, ORDER, PORTABLE } from "./house.mjs";
import { imports } from "./imports.mjs";
import { heavyImports } from "./light-starts.mjs";
import { localeOrder, unsteady } from "./purity.mjs";
import { tokens, UnreadableError } from "./tokens.mjs";

/**
 * @typedef {import("./imports.mjs").Import} Import
 * @typedef {"unreadable" | "unplaced" | "computed" | "upward" | "app" | "deep" | "outside" | "undeclared" |
 *   "unreferenced" | "node" | "unsteady" | "locale" | "heavy"} Rule
 * @typedef {{ file: string, line: number, rule: Rule, message: string }} Finding
 * @typedef {{ directory: string, kind: "package" | "app" | "bench", name: string, declared: Set<string>,
 *   referenced: Set<string> | undefined, entries: readonly [string, string][] }} Home the workspace a file belongs to
 * @typedef {{ apps: Set<string>, entries: Map<string, string> }} Offered the names of apps, and what packages may be
 *   imported by, with the source behind it
 */

const SCOPE = "@detente/";

/**
 * Checks every source file of the workspaces below `root` against the rules of the house.
 * @param {string} root
 * @returns {{ files: number, findings: Finding[] }} findings in the order of files and lines
 */
export function checkImports(root) {
  const homes = ["packages", "apps", ""]
    .flatMap((parent) => workspaces(root, parent))
    .map((directory) => home(root, directory));
  const offered = {
    apps: new Set(homes.filter(({ kind }) => kind === "app").map(({ name }) => name)),
    entries: new Map(homes.flatMap(({ entries }) => entries)),
  };
  /** @type {Map<string, readonly Import[]>} */
  const files = new Map();
  const checked = homes.flatMap((place) =>
    filesBelow(root, place.directory)
      .filter(isSource)
      .map((file) => checkFile(root, file, place, offered, files)),
  );
  const isHere = (/** @type {string} */ file) => homes.some(({ directory }) => file.startsWith(`${directory}/`));
  const heavy = heavyImports(files, offered.entries, isHere).map((what) => ({
    ...what,
    rule: /** @type {Rule} */ ("heavy"),
  }));
  return { files: checked.length, findings: [...checked.flat(), ...heavy].toSorted((a, b) => order(a, b)) };
}

/** @param {Finding} a @param {Finding} b */
function order(a, b) {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}

/** @param {string} root @param {string} parent @returns {string[]} */
function workspaces(root, parent) {
  if (parent === "") return existsSync(join(root, "bench/package.json")) ? ["bench"] : [];
  if (!existsSync(join(root, parent))) return [];
  const manifests = filesBelow(root, parent).filter((file) => /^\w+\/[^/]+\/package\.json$/.test(file));
  return manifests.map((file) => dirname(file));
}

/** @param {string} root @param {string} directory @returns {Home} */
function home(root, directory) {
  const manifest = JSON.parse(readText(root, `${directory}/package.json`));
  const config = `${directory}/tsconfig.json`;
  const references = existsSync(join(root, config)) ? JSON.parse(readText(root, config)).references : undefined;
  return {
    directory,
    kind: directory.startsWith("packages/") ? "package" : directory.startsWith("apps/") ? "app" : "bench",
    name: manifest.name.slice(SCOPE.length),
    entries: Object.entries(manifest.exports ?? {}).map(([entry, target]) => [
      join(manifest.name, entry),
      join(directory, target.source ?? target),
    ]),
    declared: new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })),
    referenced:
      references && new Set(references.map((/** @type {{ path: string }} */ { path }) => join(directory, path))),
  };
}

/**
 * @param {string} root @param {string} file @param {Home} place @param {Offered} offered
 * @param {Map<string, readonly Import[]>} files is told what the file imports
 * @returns {Finding[]}
 */
function checkFile(root, file, place, offered, files) {
  /** @type {Finding[]} */
  const findings = [];
  /** @param {Rule} rule @param {{ line: number, message: string }} what */
  const report = (rule, { line, message }) => findings.push({ file, line, rule, message });

  if (place.kind === "package" && !ORDER.includes(place.name)) {
    report("unplaced", { line: 1, message: `packages/${place.name} has no place in scripts/import-rules/house.mjs` });
  }
  let read;
  try {
    read = tokens(readText(root, file));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    report("unreadable", error);
    return findings;
  }
  const strict = !isTest(file) && !NODE_EDGES.has(file);
  const imported = imports(read);
  files.set(file, imported);
  for (const { specifier, line } of imported) {
    for (const [rule, message] of judge(specifier, file, place, offered, strict)) report(rule, { line, message });
  }
  if (strict && PORTABLE.has(place.name)) localeOrder(read).forEach((what) => report("locale", what));
  if (strict && DETERMINISTIC.has(place.name)) {
    unsteady(read, { inexact: INEXACT.has(place.name) }).forEach((what) => report("unsteady", what));
  }
  return findings;
}

/**
 * @param {string | undefined} specifier @param {string} file @param {Home} place @param {Offered} offered
 * @param {boolean} strict
 * @returns {[Rule, string][]}
 */
function judge(specifier, file, place, offered, strict) {
  if (specifier === undefined) {
    return place.kind === "package" && strict
      ? [["computed", "name the module in a string: it cannot be checked"]]
      : [];
  }
  if (specifier.startsWith(".")) {
    const target = normalize(join(dirname(file), specifier));
    const stays = target.startsWith(`${place.directory}/`);
    return stays ? [] : [["outside", `"${specifier}" leaves ${place.directory}: import the package by its name`]];
  }
  if (specifier.startsWith(SCOPE)) return judgeOwn(specifier, place, offered, isTest(file));
  const node = specifier.startsWith("node:") || builtinModules.includes(specifier.split("/", 1)[0] ?? "");
  return node && strict && PORTABLE.has(place.name)
    ? [["node", `"${specifier}": ${place.name} also runs in a browser`]]
    : [];
}

/** @param {string} specifier @param {Home} place @param {Offered} offered @param {boolean} test @returns {[Rule, string][]} */
function judgeOwn(specifier, place, { apps, entries }, test) {
  const [target = "", ...deeper] = specifier.slice(SCOPE.length).split("/");
  const name = `${SCOPE}${target}`;
  if (apps.has(target)) return [["app", `nothing imports an app: start ${name} as a program`]];
  /** @type {[Rule, string][]} */
  const found = [];
  if (deeper.length > 0 && !entries.has(specifier)) {
    found.push(["deep", `"${specifier}": import ${name}, through its index.ts or what else its exports name`]);
  }
  const floor = ORDER.indexOf(place.name);
  if (place.kind === "package" && floor !== -1 && ORDER.indexOf(target) >= floor) {
    found.push(["upward", `${place.name} stands below ${target}: packages import only what stands below them`]);
  }
  if (!place.declared.has(name)) {
    found.push(["undeclared", `${name} is not a dependency in ${place.directory}/package.json`]);
  }
  if (!test && place.referenced && !place.referenced.has(`packages/${target}`)) {
    found.push(["unreferenced", `packages/${target} is not a reference in ${place.directory}/tsconfig.json`]);
  }
  return found;
}
