import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCOPE = "@detente/";

/** @type {Record<string, string>} */
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript" };

/**
 * The import map with which a browser runs the packages as they were built, without a bundler: own packages by their
 * `default` export, inner names (`#…`) by their `browser` condition, others from node_modules.
 * @param {readonly string[]} packages without the scope
 */
export function importMap(packages) {
  /** @type {Record<string, string>} */
  const imports = {};
  for (const name of packages) {
    const manifest = JSON.parse(readFileSync(join(ROOT, "packages", name, "package.json"), "utf8"));
    imports[`${SCOPE}${name}`] = join(`/packages/${name}`, manifest.exports["."].default);
    for (const [inner, conditions] of Object.entries(manifest.imports ?? {})) {
      imports[inner] = join(`/packages/${name}`, conditions.browser);
    }
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      if (!dependency.startsWith(SCOPE)) imports[`${dependency}/`] = `/node_modules/${dependency}/`;
    }
  }
  return { imports };
}

/**
 * Serves the repository's built files and one page on a free port of the loopback.
 * @param {string} page HTML of `/`
 * @returns {Promise<{ url: string, missing: string[], close: () => void }>} `missing` gathers paths that were asked for
 *   in vain
 */
export async function serve(page) {
  /** @type {string[]} */
  const missing = [];
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    if (path === "/") return void response.setHeader("content-type", TYPES[".html"] ?? "").end(page);
    try {
      const body = readFileSync(join(ROOT, path));
      response.setHeader("content-type", TYPES[/\.\w+$/.exec(path)?.[0] ?? ""] ?? "application/octet-stream").end(body);
    } catch {
      if (path !== "/favicon.ico") missing.push(path);
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}/`, missing, close: () => void server.close() };
}
