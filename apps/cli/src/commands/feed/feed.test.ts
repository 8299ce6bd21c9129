import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";

/* Feeds as MISP writes them, in a directory and behind a real HTTP server. */

const UUID = "5f9e6a8b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
const OTHER = "6f9e6a8b-1c2d-4e3f-8a9b-0c1d2e3f4a5b";
let dir: string;
let server: Server;
let address: string;
let answer: (name: string, response: ServerResponse) => void;

const event = (uuid: string, value: string): string =>
  JSON.stringify({
    Event: {
      uuid,
      info: "x",
      date: "2026-05-28",
      timestamp: "1780000000",
      Attribute: [{ type: "domain", category: "Network activity", to_ids: true, value }],
    },
  });
const manifest = (...uuids: readonly string[]): string =>
  JSON.stringify(Object.fromEntries(uuids.map((uuid) => [uuid, { info: "x", timestamp: 1_780_000_000 }])));

beforeAll(async () => {
  server = createServer((request, response) => answer((request.url ?? "").slice("/feed/".length), response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-feed-"));
  const files = new Map([
    ["manifest.json", manifest(UUID)],
    [`${UUID}.json`, event(UUID, "evil.example")],
  ]);
  answer = (name, response) => response.writeHead(files.has(name) ? 200 : 404).end(files.get(name));
  return () => rm(dir, { recursive: true });
});

const pull = async (from: string, ...argv: readonly string[]): ReturnType<typeof detente> =>
  detente(["feed", "pull", from, "-o", join(dir, "copy"), "--json", ...argv]);

describe("detente feed pull", () => {
  it("copies a feed behind an address, whose events `share` reads, and then only what is new", async () => {
    const path = join(dir, "copy", `${UUID}.json`);
    const first = await pull(address, "--private");
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(first.out)).toEqual({
      added: [path],
      changed: [],
      gone: [],
      refused: 0,
      hashesDiffer: [],
      isComplete: true,
    });
    expect(await readFile(path, "utf8")).toBe(event(UUID, "evil.example"));
    const shared = JSON.parse((await detente(["share", path, "--dry-run", "--json"])).out) as object;
    expect(shared).toMatchObject({ indicators: 1, rejected: 0 });
    expect(JSON.parse((await pull(address, "--private")).out)).toMatchObject({ added: [], changed: [] });
  });

  it("copies one in a directory, and names what is gone", async () => {
    const feed = join(dir, "feed");
    await mkdir(feed);
    await writeFile(join(feed, "manifest.json"), manifest(UUID, OTHER));
    await writeFile(join(feed, `${UUID}.json`), event(UUID, "evil.example"));
    await writeFile(join(feed, `${OTHER}.json`), "{");
    const { code, out, err } = await pull(feed);
    expect(JSON.parse(out)).toMatchObject({ refused: 1, isComplete: true });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`${OTHER}.json: the file is not JSON`) });
    await writeFile(join(feed, "manifest.json"), manifest());
    expect((await pull(feed)).err).toContain(`${UUID} is gone — withdraw what you shared of it`);
    expect(await readdir(join(dir, "copy"))).toEqual(["manifest.json"]);
  });

  it("asks no server at a private address, follows no redirect, and waits for no endless file", async () => {
    for (const to of [address, "https://169.254.169.254/feed", "https://[::1]/", "file:///etc"]) {
      const { code, out, err } = await pull(to);
      expect({ to, code, out }).toEqual({ to, code: 2, out: "" });
      expect(err).toMatch(/is not a public address|is not https/);
    }
    answer = (_, response) => response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
    expect((await pull(address, "--private")).err).toContain("redirects to http://169.254.169.254/latest");
    let sent = 0;
    answer = (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write("{".repeat(1 << 20))) sent++;
        response.once("drain", more);
      };
      response.writeHead(200);
      more();
    };
    expect((await pull(address, "--private")).err).toContain("is larger than 67108864 bytes");
    expect(sent).toBeLessThan(200);
  });

  it("knows its directory again, wherever it was interrupted", async () => {
    answer = (name, response) => {
      if (name === "manifest.json") response.end(manifest(UUID));
      else response.destroy();
    };
    expect((await pull(address, "--private")).code).toBe(2);
    await rm(join(dir, "copy"), { recursive: true });
    answer = (_, response) => response.destroy();
    expect((await pull(address, "--private")).code).toBe(2);
    expect(await readdir(join(dir, "copy"))).toEqual(["manifest.json"]);
  });

  it("keeps its files apart from others", async () => {
    await mkdir(join(dir, "copy"));
    await writeFile(join(dir, "copy", "thesis.txt"), "x");
    expect((await pull(address, "--private")).err).toContain("holds something else than a feed");
    expect((await detente(["feed", "pull", address, "--private"])).err).toContain("-o: is missing");
  });
});
