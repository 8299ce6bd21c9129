import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detente } from "../testing/console.ts";

/** Two of four requests are by the address, one of them names the URL, and so its host, as its referrer. */
const ACCESS_LOG = [
  '198.51.100.4 - - [23/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"',
  '203.0.113.7 - - [23/Nov/2026:10:01:00 +0000] "GET /x HTTP/1.1" 200 12 "http://evil.example.net/login" "curl"',
  '203.0.113.7 - - [23/Nov/2026:10:02:00 +0000] "GET /y HTTP/1.1" 200 12 "-" "curl"',
  '198.51.100.4 - - [23/Nov/2026:10:05:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"',
].join("\n");

let dir: string;
let list: string;
let log: string;

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "detente-cli-"));
  list = await file("list.txt", "evil[.]example[.]net\n203.0.113.7\n");
  log = await file("access.log", ACCESS_LOG);
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe("screen with indicators of files", () => {
  it("prints file, line, column, time, field and indicator of each hit, and ends with 0", async () => {
    const { code, out } = await detente(["screen", log, "--indicators", list]);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 3)).toEqual([
      `${log}:2:1  2026-11-23 10:01:00Z  remote_addr  ipv4 203.0.113.7 (exact-field)  from a file`,
      `${log}:2:79  2026-11-23 10:01:00Z  referer  domain evil.example.net (embedded)  from a file`,
      `${log}:3:1  2026-11-23 10:02:00Z  remote_addr  ipv4 203.0.113.7 (exact-field)  from a file`,
    ]);
    expect(out).toMatch(/^ipv4 +203\.0\.113\.7 +2 +2026-11-23 10:01:00Z +2026-11-23 10:02:00Z +from a file/m);
    expect(out).toMatch(
      /access\.log: 3 hits in 4 lines \(access-log, .*, 2026-11-23 10:00:00Z to 2026-11-23 10:05:00Z\)\n$/,
    );
  });

  it("ends with 1 where nothing is found", async () => {
    const clean = await file("clean.log", "nothing of interest\n");
    expect(await detente(["screen", clean, "--indicators", list])).toMatchObject({ code: 1 });
  });

  it("gives a line of JSON for each hit and one with the summary", async () => {
    const { out } = await detente(["screen", log, "--indicators", list, "--json"]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toEqual({
      file: log,
      line: 2,
      column: 1,
      field: "remote_addr",
      time: Date.UTC(2026, 10, 23, 10, 1),
      class: "exact-field",
      match: "203.0.113.7",
      indicator: { kind: "ipv4", value: "203.0.113.7" },
      from: null,
    });
    expect(lines[3]).toMatchObject({ summary: { hits: 3, posted: [], files: [{ name: log, lines: 4, hits: 3 }] } });
  });

  it("prints a line for each indicator if asked", async () => {
    const { out } = await detente(["screen", log, "--indicators", list, "--sightings"]);
    expect(out).not.toContain(`${log}:2:1`);
    expect(out).toMatch(/^kind +indicator +hits/);
  });

  it("unpacks gzip whatever the file's name, and reads standard input, packed or not", async () => {
    const packed = await file("access.log.1", gzipSync(ACCESS_LOG));
    const ways = await Promise.all([
      detente(["screen", packed, "--indicators", list]),
      detente(["screen", "-", "--indicators", list], { stdin: [Buffer.from(ACCESS_LOG)] }),
      // One byte at a time: gzip's magic number is cut in two.
      detente(["screen", "-", "--indicators", list], {
        stdin: [...gzipSync(ACCESS_LOG)].map((byte) => Uint8Array.of(byte)),
      }),
    ]);
    for (const { code, out } of ways) {
      expect(code).toBe(0);
      expect(out).toContain("3 hits in 4 lines");
    }
  });

  it("says what is wrong with a damaged gzip file, a missing log and a directory", async () => {
    const cut = await file("cut.gz", gzipSync(ACCESS_LOG).subarray(0, 60));
    expect(await detente(["screen", cut, "--indicators", list])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`detente: ${cut}: is a damaged or cut gzip file — copy it again\n`) as string,
    });
    expect(await detente(["screen", join(dir, "none"), "--indicators", list])).toEqual({
      code: 2,
      out: "",
      err: `detente: ${dir}/none: does not exist — check the path\n`,
    });
    expect(await detente(["screen", dir, "--indicators", list])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`detente: ${dir}: is a directory — name a file\n`) as string,
    });
  });

  it("names file and line of what is no indicator", async () => {
    const bad = await file("bad.txt", "203.0.113.7\n999.1.2.3\n");
    const { err } = await detente(["screen", log, "--indicators", bad]);
    expect(err).toContain(`${bad}:2: `);
  });

  it("cannot post what was not shared", async () => {
    expect(await detente(["screen", log, "--indicators", list, "--post"])).toMatchObject({
      code: 2,
      err: "detente: --post: indicators of files are no shares, so there is nothing to post about — share them first\n",
    });
  });

  it("keeps another party's escape sequences from the terminal", async () => {
    const hostile = await file("hostile.log", "\u001b[2J\u001b]0;x\u0007 see http://evil.example.net/\u001b[31m\n");
    const { code, out } = await detente(["screen", hostile, "--indicators", list], {
      env: { NO_COLOR: "1" },
      isTerminal: true,
    });
    expect(code).toBe(0);
    expect(out).not.toContain("\u001b");
  });
});

describe("on a terminal", () => {
  it("a bar is drawn and removed, and hits are coloured unless NO_COLOR says otherwise", async () => {
    const coloured = await detente(["screen", log, "--indicators", list], { isTerminal: true });
    expect(coloured.err).toMatch(/\r\x1b\[K.*access\.log \[#+\] 100% of .*\r\x1b\[K$/);
    expect(coloured.out).toContain("\u001b[31mipv4 203.0.113.7\u001b[39m");
    const plain = await detente(["screen", log, "--indicators", list], { isTerminal: true, env: { NO_COLOR: "1" } });
    expect(plain.out).not.toContain("\u001b");
    const piped = await detente(["screen", log, "--indicators", list]);
    expect(piped.out + piped.err).not.toContain("\u001b");
  });
});
